"""A booked visit part by part, as customers read it: for pages, mails and calendar entries."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from bookings import words
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Part:
    """One service of the visit, its hours on the salon's wall, the price for everybody who comes."""

    position: int
    service: str
    person: str
    start: datetime
    end: datetime
    price: Money

    @property
    def hours(self):
        """`10:00 – 10:30`, as the language that is spoken writes it."""
        return words.hours(self.start, self.end)

    @property
    def sentence(self):
        """`10:00 – 10:30 Cut with Ann`"""
        return f"{self.hours} {self.service} with {self.person}"


def parts_of(booking):
    """Its parts in order, as they are in the database now. One query."""
    return [
        Part(
            item.position,
            item.snapshot["name"],
            item.team_member.name,
            item.start_at.astimezone(booking.zone),
            item.end_at.astimezone(booking.zone),
            Money(item.price_cents * booking.attendee_count, booking.currency_code),
        )
        for item in _items(booking)
    ]


def change_sentence(booking):
    """Who has taken over in the last move: `Now with Bea instead of Ann.`; empty where nobody has.

    Each service is named where only some of several have changed hands. One query, none for a visit that never moved.
    """
    if not booking.moved_from:
        return ""
    items = _items(booking)
    before = {person["position"]: person for person in booking.moved_from["people"]}
    changed = [item for item in items if before[item.position]["team_member"] != str(item.team_member_id)]
    pairs = [(before[item.position]["name"], item.team_member.name) for item in changed]
    if len(changed) == len(items) and len(set(pairs)) == 1:
        return gettext("Now with %(new)s instead of %(old)s.") % {"new": pairs[0][1], "old": pairs[0][0]}
    return " ".join(
        gettext("%(service)s is now with %(new)s instead of %(old)s.")
        % {"service": item.snapshot["name"], "new": new, "old": old}
        for item, (old, new) in zip(changed, pairs, strict=True)
    )


def _items(booking):
    return list(booking.items.select_related("team_member").order_by("position"))
