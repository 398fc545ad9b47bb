"""A wish as the team reads it."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import words
from waitlist import shown
from waitlist.models import OfferStatus, WishStatus

BADGES = {WishStatus.OFFERED: "warn", WishStatus.BOOKED: "good"}
LABELS = {WishStatus.OFFERED: "Being offered"}


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    contact: str
    what: str
    when: str
    since: str
    state: str
    badge: str
    offer: str
    remove_url: str


def line_of(wish, *, zone, now, may_work):
    """One row of the list. No query where what it wants and is offered is at hand."""
    asked = shown.wish(wish)
    return Line(
        name=wish.name,
        contact=" · ".join(filter(None, [wish.email, wish.phone.as_international if wish.phone else ""])),
        what=asked.what,
        when=f"{asked.when}, {asked.times}",
        since=words.when(wish.joined_at.astimezone(zone)),
        state=LABELS.get(wish.status, wish.get_status_display()),
        badge=BADGES.get(wish.status, ""),
        offer=_offer(wish, zone),
        remove_url=reverse("dashboard:waitlist-remove", args=[wish.pk]) if may_work and wish.is_open else "",
    )


def asked(wish):
    return shown.wish(wish)


def _offer(wish, zone):
    """`Tue 4 Nov, 10:30 with Ann is kept until 14:00`"""
    for offer in wish.running:
        start, end = (instant.astimezone(zone) for instant in (offer.start_at, offer.booking.hold_expires_at))
        said = "is being booked, kept until" if offer.status == OfferStatus.ACCEPTED else "is kept until"
        return f"{words.when(start)} with {offer.booking.team_member.name} {said} {words.when(end)}"
    return ""
