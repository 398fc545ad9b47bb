"""Who comes together is reminded once: each visit has a reminder of its own, and the first that leaves speaks of all.

Nothing is written here. Whether a visit has been told of stands on the message that told of it (`Message.also_about`), so
that one which is moved, or whose teller never left, is reminded of by its own. See docs/decisions/0048-families.md.
"""

from bookings.models import Booking, Status
from bookings.services.reminders import REMINDER, address_of
from messaging import queries as messages
from messaging.composing import NotAnyMore, NotNow
from messaging.models import WAITING, MessageStatus

TOLD = "The reminder of a visit they come to together has told of this one."


def companions(*, message, booking, now):
    """The visits of its family, in order, that the reminder of `booking` is to speak of too: booked, to come, on its day, to
    the same reader, and not told of yet. They are locked.

    Raises NotAnyMore where an earlier reminder has told of `booking`, NotNow where one is about to, or where one of them
    is being changed. The caller has locked the booking.
    """
    if booking.family_id is None:
        return []
    about = Booking.objects.filter(family=booking.family_id).exclude(pk=booking.pk)
    asked = {"kind": REMINDER, "channel": message.channel, "recipient": message.recipient}
    theirs = [each for each in messages.of_kind(about_ids=about.values("pk"), **asked) if each.part == message.part]
    told = {name for each in theirs if each.status == MessageStatus.SENT for name in (_told_by(each), *each.also_about)}
    if name_of(booking) in told:
        raise NotAnyMore(TOLD)
    coming = _coming(about, message, booking, now)
    waiting = {_told_by(each): each for each in theirs if each.status in WAITING}
    if any(_turn(waiting[name]) < _turn(message) for name in map(name_of, coming) if name in waiting):
        raise NotNow
    return [each for each in coming if name_of(each) not in told]


def name_of(booking):
    """The visit where and when it is now."""
    return f"{booking.pk}:{booking.sequence}"


def _told_by(message):
    return f"{message.about_id}:{message.version}"


def _turn(message):
    return message.due_at, message.about_id


def _coming(about, message, booking, now):
    about = about.filter(status=Status.CONFIRMED, start_at__gt=now)
    rows = about.select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(rows.select_related("customer", "team_member").order_by("pk"))
    if len(found) < about.count():
        raise NotNow
    found.sort(key=lambda each: each.family_number)
    return [
        each
        for each in found
        if each.local_date == booking.local_date and address_of(each, message.channel) == message.recipient
    ]
