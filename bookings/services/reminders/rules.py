"""How the salon reminds: its rules, its quiet hours, and whether it asks afterwards."""

from django.db import transaction

from audit import services as audit
from bookings import words
from bookings.models import ReminderRule, ReminderSettings
from bookings.models.reminders import MAX_DAYS, MAX_MINUTES, MIN_MINUTES
from bookings.queries.reminders import reminding
from bookings.reminders import Kind
from bookings.services import records

MOST_RULES = 5
#: Longer ones would leave too little of a day.
LONGEST_QUIET = 16 * 60
CALLED = {"email": "by e-mail", "sms": "by text message"}


@transaction.atomic
def change_reminders(*, business, rules, quiet, follow_up_min, by, now):
    """Set how the salon reminds: `rules` are (Rule, is_active) in order, `quiet` a Quiet or None, `follow_up_min` 0 for
    no follow-up. Returns what was changed, name → (before, after), in words.

    Visits to come are planned anew in the background. Raises records.Refused; nothing is written then.
    """
    records.lock()
    records.refuse(faults(rules=[rule for rule, _ in rules], quiet=quiet, follow_up_min=follow_up_min))
    before = _told(reminding())
    row, _ = ReminderSettings.objects.get_or_create(pk=1)
    row.has_own_rules = True
    row.quiet_from, row.quiet_until = (quiet.starts, quiet.ends) if quiet else (None, None)
    row.follow_up_min = follow_up_min
    row.save()
    _store(rules)
    after = _told(reminding())
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    if changed:
        sides = [{name: pair[side] for name, pair in changed.items()} for side in (0, 1)]
        audit.record(actor=by, action="reminders.changed", subject=business, at=now, before=sides[0], after=sides[1])
        mark_stale(now=now)
    return changed


def mark_stale(*, now):
    """Visits to come have to be planned anew: soon, or by the next sweep."""
    from bookings import tasks  # tasks import services: the import would be circular

    ReminderSettings.objects.update_or_create(pk=1, defaults={"stale_since": now})
    tasks.replan_reminders.delay_on_commit()


def faults(*, rules, quiet, follow_up_min):
    """What cannot be, as the field's name → a sentence; a rule's is `rule_0`."""
    found = {}
    if len(rules) > MOST_RULES:
        found["rules"] = f"A visit has at most {MOST_RULES} reminders."
    for number, rule in enumerate(rules):
        sentence = _fault_of(rule)
        if not sentence and rule in rules[:number]:
            sentence = "This reminder is in the list already."
        if sentence:
            found[f"rule_{number}"] = sentence
    if quiet and (quiet.starts == quiet.ends or quiet.minutes > LONGEST_QUIET):
        found["quiet_until"] = "Quiet hours are at most 16 hours long."
    if not 0 <= follow_up_min <= MAX_MINUTES:
        found["follow_up"] = f"A follow-up leaves at most {MAX_DAYS} days after the visit."
    return found


def _fault_of(rule):
    if rule.kind == Kind.DAY_BEFORE:
        return "" if 1 <= rule.days <= MAX_DAYS else f"Write a number of days from 1 to {MAX_DAYS}."
    if rule.minutes < MIN_MINUTES:
        return f"A reminder leaves at least {MIN_MINUTES} minutes before the visit."
    return "" if rule.minutes <= MAX_MINUTES else f"A reminder leaves at most {MAX_DAYS} days before the visit."


def _store(rules):
    ReminderRule.objects.all().delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(
            kind=rule.kind.value,
            minutes=rule.minutes,
            days=rule.days,
            at=rule.at,
            channel=rule.channel,
            is_active=is_active,
            position=position,
        )
        for position, (rule, is_active) in enumerate(rules)
    )


def _told(how):
    """For the trail."""
    return {
        "reminders": [f"{rule.about}, {CALLED[rule.channel]}" for rule in how.rules],
        "switched_off": [f"{rule.about}, {CALLED[rule.channel]}" for rule in how.resting],
        "quiet_hours": f"{how.quiet.starts:%H:%M} to {how.quiet.ends:%H:%M}" if how.quiet else "none",
        "follow_up": f"{words.length(how.follow_up_min)} after the visit" if how.follow_up_min else "none",
    }
