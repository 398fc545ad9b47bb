"""What an open page is told of a change: what it was about, which one, on which local dates. No names, no sums.

Pages ask for the rest themselves, by the doors everything else goes through.
"""

import zoneinfo
from dataclasses import asdict, dataclass
from datetime import datetime

#: Model → the kind pages know it by. What is not here concerns no page.
KINDS = {
    "bookings.booking": "visit",
    "bookings.groupsession": "visit",
    "bookings.timeblock": "time_off",
    "bookings.specialday": "time_off",
    "bookings.closure": "opening",
    "bookings.specialopening": "opening",
    "tenants.business": "salon",
    "bookings.teammember": "team",
    "bookings.resource": "team",
    "bookings.service": "service",
    "bookings.servicecategory": "service",
    "bookings.customer": "customer",
    "giftcards.giftcard": "gift_card",
    "payments.payment": "money",
    "payments.refund": "money",
    "payments.moneyaction": "money",
    "payments.dispute": "money",
    "payments.giftcardorder": "money",
}


@dataclass(frozen=True, slots=True)
class News:
    """`what` is the trail's verb. `dates` are those it is on and was on, ISO; empty where it may be any."""

    kind: str
    id: str
    what: str
    dates: tuple = ()

    def as_json(self):
        return asdict(self) | {"dates": list(self.dates)}


def of_line(entry, subject=None):
    """The News of a line of the trail, or None where no page shows its subject. The subject knows the dates."""
    kind = KINDS.get(entry.subject_type)
    if kind is None or entry.action.startswith("support."):
        return None
    return News(kind, entry.subject_id, entry.action, _dates(subject, entry.before) if subject else ())


def of_booking(booking, what):
    return News("visit", str(booking.pk), f"booking.{what}", _dates(booking, {}))


def of_notice(event, about_id):
    """Somebody of the team has something to read; to whom and what, each page asks for itself."""
    return News("notice", str(about_id), f"notice.{event}")


def of_customer(customer):
    return News("customer", str(customer.pk), "customer.added")


def _dates(subject, before):
    day = getattr(subject, "local_date", None) or getattr(subject, "date", None)
    if day is None:
        return ()
    was = _day_of(before.get("start_at"), subject)
    return tuple(sorted({found.isoformat() for found in (day, was) if found}))


def _day_of(start_at, subject):
    """The local date on which a visit that was moved had been."""
    zone = getattr(subject, "booking_tz", None)
    return datetime.fromisoformat(start_at).astimezone(zoneinfo.ZoneInfo(zone)).date() if start_at and zone else None
