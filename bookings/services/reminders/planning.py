"""Planned, and withdrawn, by the transaction that confirms a visit, moves it, or ends it."""

from datetime import datetime

from django.db import connection

from bookings import texts
from bookings.models import Status
from bookings.queries.reminders import reminding
from bookings.services.reminders.following_up import FOLLOW_UP, MADE_UP, follow_up
from messaging import gateway
from messaging import services as messaging
from messaging.models import Channel
from messaging.numbers import can_get_texts

REMINDER = "reminder"

#: What has become of a visit → why nothing more is said ahead of it.
OVER = {
    Status.CHECKED_IN: "The customer had come already.",
    Status.COMPLETED: "The visit had taken place already.",
    Status.NO_SHOW: "The visit was over.",
    Status.CANCELED: "The visit was cancelled.",
}
MOVED = "The visit was moved."


def keep_up(*, booking, now):
    """Plan or withdraw what is said about a visit, after its state or its time has changed.

    The caller has locked the booking and owns the transaction: reminders change with the visit, or not at all. A request
    that is not confirmed yet has none.
    """
    if booking.status == Status.CONFIRMED:
        _remind(booking, now)
    elif reason := OVER.get(booking.status):
        messaging.withdraw(about_id=booking.pk, kinds=[REMINDER, FOLLOW_UP], reason=reason, now=now)
    if booking.status == Status.COMPLETED:
        follow_up(booking=booking, now=now)


def _remind(booking, now):
    """The reminders of where the visit is now; those of where it was before do not leave."""
    if booking.sequence:
        messaging.withdraw(about_id=booking.pk, kinds=[REMINDER], reason=MOVED, now=now)
    if booking.source in MADE_UP:
        return
    queue_reminders(booking, reminding().plan_for(booking, since=now), now)


def queue_reminders(booking, planned, now):
    """Each once for a visit at its time, its rule and its address; where there is no address, there is no reminder."""
    addressed = [(each, address_of(booking, each.rule.channel)) for each in planned]
    drafts = [_draft(booking, each, recipient, now) for each, recipient in addressed if recipient]
    if drafts:
        messaging.queue_all(drafts=drafts, now=now)


def _draft(booking, planned, recipient, now):
    channel = planned.rule.channel
    return messaging.draft(
        kind=REMINDER,
        about_id=booking.pk,
        version=booking.sequence,
        part=planned.rule.key,
        channel=channel,
        recipient=recipient,
        reply_to=connection.tenant.email if channel == Channel.EMAIL else "",
        send_at=planned.due_at,
        skipped=planned.skipped,
        again=True,
        now=now,
    )


def address_of(booking, channel):
    """Where the customer of a visit is written to; "" where nowhere."""
    if channel == Channel.SMS:
        number = texts.number_of(booking) if gateway.is_on() else ""
        return number if can_get_texts(number) else ""
    return booking.contact_email


def since_of(booking):
    """When the visit came to where it is now: what had passed by then is not made up for."""
    moved = booking.moved_from and booking.moved_from.get("at")
    return datetime.fromisoformat(moved) if moved else booking.confirmed_at or booking.created_at
