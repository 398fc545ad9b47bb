"""The words for a wish and an offer."""

from dataclasses import dataclass

from bookings import itinerary, words
from bookings.views import shown
from bookings.views.asked import Asked
from waitlist.models import OfferStatus, WishStatus
from waitlist.rules import PARTS

PART_OF = {window: name for name, window in PARTS.items()}


@dataclass(frozen=True, slots=True)
class WishShown:
    what: str
    when: str
    times: str


def wish(wish):
    """A wish in words. Two queries where its services are not at hand."""
    parts = [_part(each) for each in wish.wanted.all()]
    what = words.listed(parts)
    if wish.party_size > 1:
        what = f"{what}, for {wish.party_size} people"
    return WishShown(what, days(wish), times(wish))


def _part(each):
    return f"{each.service.name} with {each.team_member.name if each.team_member else 'anyone'}"


def days(wish):
    """`Tue 4 Nov`, or `Tue 4 Nov to Fri 7 Nov`"""
    first, last = words.short_date(wish.first_date), words.short_date(wish.last_date)
    return first if wish.first_date == wish.last_date else f"{first} to {last}"


def times(wish):
    """`mornings and evenings`, `10:00 to 12:30`, `any time`"""
    named = [_window(tuple(window)) for window in wish.windows]
    return words.listed(named) if named else "any time"


def _window(window):
    return f"{PART_OF[window]}s" if window in PART_OF else " to ".join(f"{m // 60:02}:{m % 60:02}" for m in window)


def visit(offer):
    """What is offered: the same summary as at checkout."""
    return shown.visit(booking=offer.booking, parts=itinerary.parts_of(offer.booking))


def until(offer, *, business, now):
    """`14:30`, or `Wed 5 Nov, 10:00` where that is another day."""
    end = offer.expires_at.astimezone(business.zone)
    return words.clock(end) if end.date() == now.astimezone(business.zone).date() else words.when(end)


def over(offer):
    """What stands on the page of an offer that is over; whether its person waits on is their wish's to say."""
    said = OVER.get(offer.status, OVER[OfferStatus.EXPIRED])
    return f"{said} You stay on the list for other times." if offer.wish.is_open else said


def free_url(wish):
    """The page of times for what is wished for, on its first day."""
    wanted = list(wish.wanted.all())
    asked = Asked(
        services=tuple(each.service_id for each in wanted),
        people=tuple(each.team_member_id for each in wanted),
        together=wish.together,
        party=wish.party_size,
        day=wish.first_date,
    )
    return asked.picked(range(len(wanted))).url()


OVER = {
    OfferStatus.DECLINED: "You have passed this time on.",
    # Not answered, or taken and given up; who has it now, the next in line, somebody faster or nobody, is not known here.
    OfferStatus.EXPIRED: "This time was not booked while it was kept for you.",
    OfferStatus.WITHDRAWN: "This time is kept for you no longer.",
}
ENDED = {
    # What became of the visit since stands on its own page.
    WishStatus.BOOKED: ("You have taken a time", "So you are off the waiting list."),
    WishStatus.LEFT: ("You have left the list", "We will not write to you about it any more."),
    WishStatus.REMOVED: ("You are off the list", "The salon has taken you off this list."),
    WishStatus.OVER: ("These days are over", "Nothing became free for you this time. We are sorry."),
}
