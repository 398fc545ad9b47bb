"""What the diary can show when a payment is disputed: who agreed to what, when and from where, and what happened then.

Plain values, ready for a PDF or for JSON; instants are aware UTC.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from audit.models import AuditEntry
from bookings import itinerary
from bookings.models import Status
from bookings.terms import wording

#: Acts that say whether the customer was there.
ARRIVALS = ("booking.checked_in", "booking.completed", "booking.no_show")
#: What the keys of the snapshot that are amounts, instants or reasons end with.
FIGURES = ("_cents", "_code", "_why", "_min", "_at", "_from", "_until", "stages")


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the trail: `before` and `after` are what changed."""

    at: datetime
    who: str
    action: str
    address: str
    before: dict
    after: dict


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the customer agreed to: what stood on the page then, the terms in force now (a move takes the dates along), the
    salon's own texts of then, and the figures."""

    agreed_at: datetime
    address: str
    digest: str
    shown: list
    in_force: list
    texts: list
    figures: dict


@dataclass(frozen=True, slots=True)
class Evidence:
    """The diary's part of a dispute. `agreement` is None where staff took the booking; `arrivals` is the check-in log."""

    confirmation_number: str
    status: str
    service: str
    parts: list
    start_at: datetime
    end_at: datetime
    zone: str
    price_cents: int
    currency_code: str
    customer_name: str
    customer_email: str
    customer_phone: str
    booked_at: datetime
    booked_from: str
    agreement: Agreement | None
    arrivals: list
    history: list

    def as_json(self):
        return _plain(asdict(self))


def evidence_for(*, booking):
    """The Evidence of one booking, oldest act first. Two queries."""
    entries = AuditEntry.objects.filter(subject_type="bookings.booking", subject_id=str(booking.pk))
    history = [_act(entry) for entry in sorted(entries, key=_order)]
    return Evidence(
        confirmation_number=booking.ref,
        status=booking.status,
        service=booking.service_name,
        parts=[part.sentence for part in itinerary.parts_of(booking)],
        start_at=booking.start_at,
        end_at=booking.end_at,
        zone=booking.booking_tz,
        price_cents=booking.price_cents,
        currency_code=booking.currency_code,
        customer_name=booking.contact_name,
        customer_email=booking.contact_email,
        customer_phone=str(booking.contact_phone or ""),
        booked_at=booking.created_at,
        booked_from=booking.client_address or "",
        agreement=_agreement(booking),
        arrivals=[act for act in history if act.action in ARRIVALS],
        history=history,
    )


def _order(entry):
    """By instant; acts of one press in the order of a booking's life."""
    status = entry.after.get("status")
    return entry.at, Status.values.index(status) if status in Status.values else len(Status), entry.pk


def _act(entry):
    return Act(entry.at, entry.actor_label, entry.action, entry.address or "", entry.before, entry.after)


def _agreement(booking):
    consent = booking.consent
    if not consent:
        return None
    agreed_at = datetime.fromisoformat(consent["agreed_at"])
    in_force = wording.sentences(consent=consent, zone=booking.zone, now=agreed_at, card=booking.card_required)
    return Agreement(
        agreed_at=agreed_at,
        address=consent.get("address") or "",
        digest=consent["digest"],
        shown=consent.get("shown", []),
        in_force=in_force,
        texts=wording.texts(consent),
        figures={name: consent[name] for name in sorted(consent) if name.endswith(FIGURES)},
    )


def _plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
