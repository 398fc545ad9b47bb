"""Visits to come follow the salon's rules when these have changed: in the background, some visits at a time."""

from datetime import timedelta

from django.db import transaction

from bookings.models import Booking, ReminderSettings, Status
from bookings.queries.reminders import reminding
from bookings.services.reminders.following_up import MADE_UP
from bookings.services.reminders.planning import REMINDER, queue_reminders, since_of
from messaging import queries as messages
from messaging import services as messaging

#: Held at once: whoever wants to move one of them waits for so many.
BATCH = 50
#: No booking takes longer. Who was confirming one while the rules changed read the old ones.
UNDER_WAY = timedelta(minutes=1)
RULES_CHANGED = "The salon has changed when it reminds."


def out_of_step():
    """Where visits to come are still reminded of by earlier rules."""
    return ReminderSettings.objects.filter(stale_since__isnull=False)


def replan_reminders(*, now):
    """Bring what is queued for visits to come into step with the salon's rules; returns how many visits were looked at.

    Safe to run at any time and in any number: what is as it should be stays as it is.
    """
    stale_since = out_of_step().values_list("stale_since", flat=True).first()
    if stale_since is None:
        return 0
    looked_at, last = 0, None
    while batch := _replan_batch(last, now):
        looked_at, last = looked_at + len(batch), batch[-1].pk
    if stale_since <= now - UNDER_WAY:
        ReminderSettings.objects.filter(stale_since=stale_since).update(stale_since=None)
    return looked_at


@transaction.atomic
def _replan_batch(last, now):
    coming = Booking.objects.filter(status=Status.CONFIRMED, start_at__gt=now).exclude(source__in=MADE_UP)
    if last:
        coming = coming.filter(pk__gt=last)
    batch = list(coming.select_for_update(of=("self",), no_key=True).order_by("pk")[:BATCH])
    how, queued = reminding(), {}
    for message in messages.queued(about_ids=[booking.pk for booking in batch], kind=REMINDER):
        queued.setdefault(message.about_id, []).append(message)
    for booking in batch:
        _replan(booking, queued.get(booking.pk, []), how, now)
    return batch


def _replan(booking, queued, how, now):
    wanted = {(each.rule.key, each.rule.channel): each for each in how.plan_for(booking, since_of(booking))}
    for message in queued:
        each = wanted.pop((message.part, message.channel), None)
        if each is None or each.skipped or message.version != booking.sequence:
            messaging.drop(message=message, reason=each.skipped if each and each.skipped else RULES_CHANGED)
        elif each.due_at > now and each.due_at != message.due_at and not message.attempts:
            messaging.put_off(message=message, at=each.due_at, now=now)
    queue_reminders(booking, [each for each in wanted.values() if each.due_at > now and not each.skipped], now)
