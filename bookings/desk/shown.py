"""How a visit is put into words for staff."""

from datetime import datetime

from django.utils import timezone

from bookings import words
from bookings.models import Status, TeamMember
from bookings.services.status import ALLOWED
from bookings.terms import wording
from tenants.money import Money

BADGES = {
    Status.PENDING: "warning",
    Status.CONFIRMED: "info",
    Status.CHECKED_IN: "primary",
    Status.COMPLETED: "success",
    Status.NO_SHOW: "danger",
    Status.CANCELED: "",
}


def can_become(booking, status):
    return status in ALLOWED[Status(booking.status)] and not booking.hold_expires_at


def state_of(booking):
    """The state in staff's words."""
    if booking.status == Status.PENDING:
        return "Card step" if booking.hold_expires_at else "To be confirmed"
    return booking.get_status_display()


def people_of(booking):
    """Who does the visit, in order: `Ann, Bea`."""
    return names_of(booking.items.all())


def names_of(items):
    return ", ".join(dict.fromkeys(item.team_member.name for item in items))


def moved_sentence(booking, before, after):
    """What a move has changed; `before` and `after` are the visit's items in order.

    `Moved to Tue 4 Nov, 10:30 with Bea instead of Ann.`; of several services: `… with Ann, Bea (Colour: Bea instead of Cleo).`
    """
    changes = [(new, old) for old, new in zip(before, after, strict=True) if new.team_member_id != old.team_member_id]
    text = f"Moved to {words.when(booking.local_start)} with {names_of(after)}"
    if not changes:
        return f"{text}."
    if len(after) == 1:
        return f"{text} instead of {before[0].team_member.name}."
    said = (f"{new}: {new.team_member.name} instead of {old.team_member.name}" for new, old in changes)
    return f"{text} ({'; '.join(said)})."


def came_from(booking):
    """Where the visit was before its last move: `Mon 3 Nov, 10:00, with Ann`; nothing where it was not moved."""
    if not booking.moved_from:
        return ""
    ids = [each["team_member"] for each in booking.moved_from["people"]]
    names = {str(member.pk): member.name for member in TeamMember.objects.filter(pk__in=ids)}
    start = datetime.fromisoformat(booking.moved_from["start_at"]).astimezone(booking.zone)
    there = ", ".join(dict.fromkeys(names[pk] for pk in ids if pk in names))
    return f"{words.when(start)}, with {there}" if there else words.when(start)


def not_started(booking):
    """A warning where the visit lies ahead."""
    if booking.start_at > timezone.now():
        return [f"This visit has not started yet: it is on {words.when(booking.local_start)}."]
    return []


def told_sentence(booking):
    """How the customer hears of a change."""
    return "The customer is told by e-mail." if booking.contact_email else "There is no e-mail address: please call."


def agreed(booking, *, with_address=True):
    """(label, value) lines of what the customer agreed to, or nothing where staff took the booking.

    `with_address` says from where, for who may see customers.
    """
    consent = booking.consent
    if not consent:
        return []

    def at(name):
        return words.when(datetime.fromisoformat(consent[name]).astimezone(booking.zone))

    return [
        ("Agreed", at("agreed_at")),
        *([("From address", consent.get("address") or "–")] if with_address else []),
        *([("Deposit", _deposit(consent))] if consent.get("deposit_cents") else []),
        ("Free to cancel until", at("free_until")),
        ("Fee for cancelling late", str(Money(consent["cancellation_fee_cents"], consent["currency_code"]))),
        ("Fee for not coming", str(Money(consent["no_show_fee_cents"], consent["currency_code"]))),
        ("Version of the terms", consent["digest"][:12]),
    ]


def _deposit(consent):
    return f"{Money(consent['deposit_cents'], consent['currency_code'])}, {wording.WHY[consent['deposit_for_why']]}"


def agreed_words(booking):
    """The same as the customer reads it."""
    if not booking.consent:
        return []
    return wording.sentences(consent=booking.consent, zone=booking.zone, now=timezone.now(), card=booking.card_required)
