"""When reminders of a made-up visit would leave, as its owner reads it."""

from dataclasses import dataclass

from bookings import words
from bookings.queries.reminders import examples

BY = {"email": "by e-mail", "sms": "by text message"}


@dataclass(frozen=True, slots=True)
class Line:
    """`when` is empty for what does not leave."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Shown:
    visit: str
    limit: str
    lines: list


def shown_examples(*, business, how, now):
    """A Shown for each of `queries.examples`."""
    return [_shown(example, business.zone) for example in examples(business=business, reminding=how, now=now)]


def _shown(example, zone):
    limit = example.free_until and words.moment(example.free_until.astimezone(zone))
    return Shown(
        visit=_moment(example.start_at),
        limit=f"Cancelling is free until {limit}." if limit else "",
        lines=[_line(each, example.start_at) for each in example.planned],
    )


def _line(planned, start_at):
    what = f"{planned.rule.about}, {BY[planned.rule.channel]}"
    if planned.skipped:
        return Line("", f"{what}: {planned.skipped}")
    meant = planned.rule.due_at(start_at=start_at, zone=start_at.tzinfo)
    if planned.due_at != meant:
        what += " (brought forward)" if planned.due_at < meant else " (put off)"
    return Line(_moment(planned.due_at.astimezone(start_at.tzinfo)), what)


def _moment(instant):
    return f"{words.long_date(instant.date())}, {words.clock(instant)}"
