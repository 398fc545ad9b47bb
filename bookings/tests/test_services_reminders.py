"""What is said ahead of a visit: planned and withdrawn with it, once for each rule, in the salon that it is of."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services
from bookings.models import Booking, ReminderRule, ReminderSettings, Source, Status
from bookings.queries.reminders import reminding
from bookings.reminders import PASSED, Quiet, Rule
from bookings.services import records, reminders, settings
from bookings.services.import_rows import Row
from bookings.services.imports import import_bookings
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_service, visit
from messaging import services as messaging
from messaging.models import Channel, Message, MessageStatus
from messaging.tests.conftest import local_twilio, twilio_server

__all__ = ["local_twilio", "twilio_server"]
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("usual_hours")


@pytest.fixture
def usual_hours(ann):
    """Ann works nine to five, so that no reminder meets the quiet hours unless a test says so."""


def told(status=MessageStatus.QUEUED, kind="reminder"):
    """[(part, when before the visit, version)] of what stands in the outbox."""
    start_at = Booking.objects.get().start_at
    rows = Message.objects.filter(kind=kind, status=status).order_by("due_at")
    return [(row.part, start_at - row.due_at, row.version) for row in rows]


def reasons():
    rows = Message.objects.filter(kind="reminder").exclude(status=MessageStatus.QUEUED).order_by("due_at")
    return [(row.part, row.status, row.reason) for row in rows]


def sent(kind="reminder"):
    return list(Message.objects.filter(kind=kind, status=MessageStatus.SENT).order_by("due_at"))


def hours(number):
    return timedelta(hours=number)


def change(salon, *rules, quiet=None, follow_up_min=0, now=None):
    return reminders.change_reminders(
        business=salon,
        rules=[(rule, True) for rule in rules],
        quiet=quiet,
        follow_up_min=follow_up_min,
        by=SYSTEM,
        now=now or timezone.now(),
    )


def test_nobody_is_written_to_at_night_where_they_are(salon, cut):
    """In Tokyo it is four in the morning, and two, when the reminders of a visit at 14:00 in New York are meant to leave."""
    make_booking(salon, cut, at(salon, "14:00"), details=replace(DETAILS, zone="Asia/Tokyo"))

    leave = Message.objects.filter(kind="reminder").order_by("due_at")
    assert [f"{each.due_at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}" for each in leave] == ["08:00", "20:55"]
    assert {each.status for each in leave} == {MessageStatus.QUEUED}


USUAL = [("b1440", hours(24), 0), ("b120", hours(2), 0)]


def test_a_confirmed_visit_is_reminded_of_a_day_and_two_hours_before(salon, cut):
    make_booking(salon, cut, at(salon, "14:00"))

    assert told() == USUAL
    assert {row.recipient for row in Message.objects.filter(kind="reminder")} == {"anna@example.com"}


@pytest.mark.parametrize("status", [Status.HOLD, Status.PENDING])
def test_what_is_not_confirmed_has_no_reminder(salon, cut, status):
    make_booking(salon, cut, at(salon, "14:00"), status=status)

    assert Message.objects.filter(kind="reminder").count() == 0


def test_a_request_has_reminders_once_the_salon_confirms_it(salon, cut):
    salon.auto_confirm = False
    booking = make_booking(salon, cut, at(salon, "14:00"))
    assert (booking.status, Message.objects.filter(kind="reminder").count()) == (Status.PENDING, 0)

    services.confirm_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert told() == USUAL


def test_a_reminder_whose_time_had_passed_is_skipped_and_says_so(salon, cut):
    """Booked less than a day before."""
    start = timezone.now() + timedelta(hours=20)
    make_member("Bea", performs=[cut], works=(0, 1440))
    booking = make_booking(salon, cut, start.replace(minute=0, second=0, microsecond=0))

    skipped = Message.objects.get(kind="reminder", about_id=booking.pk, dedupe_key__contains="b1440")
    assert (skipped.status, skipped.reason) == (MessageStatus.SKIPPED, PASSED)
    assert messaging.send_due(now=timezone.now()) == 1
    assert "Confirmed" in mail.outbox[0].subject


def test_a_move_withdraws_what_is_queued_and_plans_anew(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))

    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "15:00", days=9), by=SYSTEM, now=timezone.now()
    )

    assert told() == [("b1440", hours(24), 1), ("b120", hours(2), 1)]
    assert reasons() == [(part, "withdrawn", "The visit was moved.") for part in ("b1440", "b120")]


def test_a_move_that_is_undone_brings_its_reminders_back(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))
    for verb in (
        lambda now: services.reschedule_booking(
            business=salon, booking=booking, start=at(salon, "15:00", days=9), by=SYSTEM, now=now
        ),
        lambda now: services.undo_move(business=salon, booking=booking, by=SYSTEM, now=now),
    ):
        verb(timezone.now())

    assert told() == [("b1440", hours(24), 2), ("b120", hours(2), 2)]


def test_free_cancelling_that_ends_as_before_after_undoing_is_reminded_of_in_time(salon, cut):
    salon.cancellation_fee_type, salon.cancellation_fee_cents, salon.cancellation_window_hours = "fixed", 1000, 48
    booking = make_booking(salon, cut, at(salon, "14:00"))
    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "15:00", days=9), by=SYSTEM, now=timezone.now()
    )
    services.undo_move(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert told() == [("b1440", hours(50), 2), ("b120", hours(2), 2)]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("cancel", "The visit was cancelled."),
        ("check in", "The customer had come already."),
        ("complete", "The visit had taken place already."),
        ("miss", "The visit was over."),
    ],
)
def test_the_end_of_a_visit_withdraws_its_reminders(salon, cut, end, reason):
    booking, now = make_booking(salon, cut, at(salon, "14:00")), timezone.now()
    with transaction.atomic():
        match end:
            case "cancel":
                services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=now)
            case "check in":
                services.check_in(booking=booking, by=SYSTEM, now=now)
            case "complete":
                services.complete_booking(booking=booking, by=SYSTEM, now=now)
            case "miss":
                services.miss_booking(booking=booking, by=SYSTEM, now=now)

    assert reasons() == [(part, "withdrawn", reason) for part in ("b1440", "b120")]
    assert told() == []


def test_reminders_go_with_the_transaction_that_confirms(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"), status=Status.PENDING)

    with pytest.raises(RuntimeError), transaction.atomic():
        services.confirm_booking(business=salon, booking=booking, now=timezone.now(), card_on_file=True)
        raise RuntimeError("after it")

    assert Message.objects.filter(kind="reminder").count() == 0


def test_a_visit_of_several_services_and_a_class_have_reminders_of_their_own(salon, cut, ann):
    colour, yoga = (
        make_service("Colour"),
        make_service("Yoga", allow_group_booking=True, max_group_size=4, shared_session=True),
    )
    make_member("Bea", performs=[colour])
    make_member("Cleo", performs=[yoga])
    chain = make_booking(salon, visit(cut, colour), at(salon, "10:00"))
    salon.allow_double_visits = True
    seats = [make_booking(salon, yoga, at(salon, "14:00"), details=guest(number)) for number in range(2)]

    for booking in (chain, *seats):
        rows = Message.objects.filter(about_id=booking.pk, kind="reminder").order_by("due_at")
        assert [booking.start_at - row.due_at for row in rows] == [hours(24), hours(2)]
    assert Message.objects.filter(kind="reminder").count() == 6


def guest(number):
    return services.Details(name=f"Guest {number}", email=f"guest{number}@example.com", phone="+12125550188")


def test_who_has_no_address_has_no_reminder(salon, cut):
    make_booking(salon, cut, at(salon, "14:00"), details=services.Details(name="Ann", email="", phone="+12125550187"))

    assert Message.objects.filter(kind="reminder").count() == 0


# Leaving -------------------------------------------------------------------------------------


def leave(booking, before):
    """What leaves when there is so much time left before the visit."""
    mail.outbox.clear()
    messaging.send_due(now=booking.start_at - before)
    return [each for each in mail.outbox if "Confirmed" not in each.subject and "Moved" not in each.subject]


def test_a_reminder_leaves_at_its_time_with_the_visit_and_the_calendar_file(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))

    assert leave(booking, hours(24) + timedelta(seconds=1)) == []
    [first] = leave(booking, hours(24))
    [second] = leave(booking, hours(2))

    start = booking.local_start
    assert first.subject == f"See you on {start:%a} {start.day} {start:%b}, 14:00 at {salon.name}"
    assert (first.to, second.to, [each[0] for each in first.attachments]) == (
        ["anna@example.com"],
        ["anna@example.com"],
        ["visit.ics"],
    )
    assert f"Confirmation number: {booking.ref}" in first.body
    assert "You can cancel free of charge at any time before your visit." in first.body
    assert [row.part for row in sent()] == ["b1440", "b120"]


def test_it_says_until_when_cancelling_is_free_as_date_and_time(salon, cut):
    salon.cancellation_fee_type, salon.cancellation_fee_cents, salon.cancellation_window_hours = "fixed", 1000, 24
    booking = make_booking(salon, cut, at(salon, "14:00"))
    limit = booking.local_start - timedelta(hours=24)

    assert told() == [("b1440", hours(26), 0), ("b120", hours(2), 0)]
    [first] = leave(booking, hours(26))
    assert f"{limit:%a} {limit.day} {limit:%b}, 14:00" in first.body


def test_it_speaks_in_the_salons_own_words(salon, cut):
    messaging.save_template(
        fields={
            "channel": "email",
            "trigger": "reminder",
            "subject": "Tomorrow, {{customer_name}}",
            "body": "At {{booking_time}}.\n\n{{manage_link}}",
        },
        by=SYSTEM,
        now=timezone.now(),
    )
    booking = make_booking(salon, cut, at(salon, "14:00"))

    [first] = leave(booking, hours(24))

    assert first.subject == "Tomorrow, Anna Berg"
    assert first.body.startswith("At 14:00.")
    assert f"Confirmation number: {booking.ref}" in first.body


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": Status.PENDING}, "The visit was not confirmed any more."),
        ({"sequence": 1}, "The visit was moved."),
        ({"contact_email": "other@example.com"}, "The visit has another address by now."),
    ],
)
def test_it_is_withdrawn_when_the_visit_is_another_by_then(salon, cut, changed, reason):
    """Whoever changed it without telling."""
    booking = make_booking(salon, cut, at(salon, "14:00"))
    Booking.objects.update(**changed)

    assert leave(booking, hours(24)) == []
    assert reasons() == [("b1440", "withdrawn", reason)]


def test_a_reminder_that_comes_too_late_stays(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))

    assert leave(booking, timedelta(0)) == []
    assert reasons() == [(part, "withdrawn", "The visit had begun by then.") for part in ("b1440", "b120")]


def test_a_visit_of_another_salon_is_not_reminded_of_here(salon, other_salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))
    with tenant_context(other_salon):
        assert messaging.send_due(now=booking.start_at - hours(1)) == 0
        assert Message.objects.count() == 0
        assert ReminderSettings.objects.count() == 0


# Rules ---------------------------------------------------------------------------------------


def test_a_salon_that_never_said_anything_has_the_usual_ones(salon):
    assert [rule.about for rule in reminding().rules] == ["24 h before the visit", "2 h before the visit"]
    assert (reminding().quiet, reminding().follow_up_min) == (Quiet(time(21), time(8)), 0)


def test_a_salon_that_removed_them_all_has_none(salon, cut):
    change(salon)
    make_booking(salon, cut, at(salon, "14:00"))

    assert (reminding().rules, Message.objects.filter(kind="reminder").count()) == ((), 0)


def test_rules_of_one_salon_are_not_those_of_another(salon, other_salon):
    change(salon, Rule.day_before(2, time(18)))

    with tenant_context(other_salon):
        assert [rule.key for rule in reminding().rules] == ["b1440", "b120"]
        assert AuditEntry.objects.filter(action="reminders.changed").count() == 0


def test_a_change_stands_in_the_trail_in_words(salon):
    changed = change(salon, Rule.day_before(1, time(18)), quiet=Quiet(time(22), time(7)), follow_up_min=2880)

    entry = AuditEntry.objects.get(action="reminders.changed")
    assert changed.keys() == {"reminders", "quiet_hours", "follow_up"}
    assert entry.before == {
        "reminders": ["24 h before the visit, by e-mail", "2 h before the visit, by e-mail"],
        "quiet_hours": "21:00 to 08:00",
        "follow_up": "none",
    }
    assert entry.after == {
        "reminders": ["1 day before, at 18:00, by e-mail"],
        "quiet_hours": "22:00 to 07:00",
        "follow_up": "48 h after the visit",
    }


def test_saving_the_same_again_changes_nothing(salon):
    rules = [Rule.before(hours=24), Rule.before(hours=2)]

    assert change(salon, *rules, quiet=Quiet(time(21), time(8))) == {}
    assert change(salon, *rules, quiet=Quiet(time(21), time(8))) == {}
    assert AuditEntry.objects.filter(action="reminders.changed").count() == 0
    assert ReminderSettings.objects.get().stale_since is None


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"rules": [Rule.before(minutes=14)]}, "rule_0"),
        ({"rules": [Rule.before(days=61)]}, "rule_0"),
        ({"rules": [Rule.day_before(0)]}, "rule_0"),
        ({"rules": [Rule.day_before(61)]}, "rule_0"),
        ({"rules": [Rule.before(hours=2), Rule.before(hours=2)]}, "rule_1"),
        ({"rules": [Rule.before(hours=each) for each in range(1, 7)]}, "rules"),
        ({"quiet": Quiet(time(8), time(8))}, "quiet_until"),
        ({"quiet": Quiet(time(6), time(23))}, "quiet_until"),
        ({"follow_up_min": 60 * 24 * 61}, "follow_up"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(salon, how, field):
    asked = {"rules": [], "quiet": None, "follow_up_min": 0} | how
    asked["rules"] = [(rule, True) for rule in asked["rules"]]

    with pytest.raises(records.Refused) as refused:
        reminders.change_reminders(business=salon, **asked, by=SYSTEM, now=timezone.now())

    assert refused.value.field == field
    assert (ReminderSettings.objects.count(), ReminderRule.objects.count()) == (0, 0)


def test_a_rule_that_is_switched_off_waits(salon, cut):
    reminders.change_reminders(
        business=salon,
        rules=[(Rule.before(hours=24), False), (Rule.before(hours=3), True)],
        quiet=None,
        follow_up_min=0,
        by=SYSTEM,
        now=timezone.now(),
    )
    make_booking(salon, cut, at(salon, "14:00"))

    assert told() == [("b180", hours(3), 0)]
    assert [rule.key for rule in reminding().resting] == ["b1440"]


# Changed rules -------------------------------------------------------------------------------


def test_visits_to_come_follow_changed_rules(salon, cut):
    make_booking(salon, cut, at(salon, "14:00"))
    change(salon, Rule.before(hours=24), Rule.before(hours=3))

    assert reminders.replan_reminders(now=timezone.now()) == 1

    assert told() == [("b1440", hours(24), 0), ("b180", hours(3), 0)]
    assert reasons() == [("b120", "withdrawn", "The salon has changed when it reminds.")]


def test_a_rule_that_comes_back_is_the_same_reminder(salon, cut):
    make_booking(salon, cut, at(salon, "14:00"))
    for rules in ([], [Rule.before(hours=24), Rule.before(hours=2)]):
        change(salon, *rules)
        reminders.replan_reminders(now=timezone.now())

    assert told() == USUAL
    assert Message.objects.filter(kind="reminder").count() == 2


def test_quiet_hours_that_change_move_what_is_queued(salon, cut):
    make_booking(salon, cut, at(salon, "14:00"))
    change(salon, Rule.before(hours=24), Rule.before(hours=2), quiet=Quiet(time(11), time(13)))
    reminders.replan_reminders(now=timezone.now())

    assert told() == [("b1440", hours(24), 0), ("b120", hours(1), 0)]


def test_what_has_left_does_not_leave_again_for_a_changed_rule(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))
    assert len(leave(booking, hours(24))) == 1
    for rules in ([], [Rule.before(hours=24), Rule.before(hours=1)]):
        change(salon, *rules, now=booking.start_at - hours(23))
        reminders.replan_reminders(now=booking.start_at - hours(23))

    assert told() == [("b60", hours(1), 0)]
    assert [row.part for row in sent()] == ["b1440"]


def test_what_is_due_and_not_gone_yet_leaves_although_rules_change(salon, cut):
    booking = make_booking(salon, cut, at(salon, "14:00"))
    now = booking.start_at - hours(24) + timedelta(seconds=1)
    change(salon, Rule.before(hours=24), now=now)
    reminders.replan_reminders(now=now)

    assert len(leave(booking, hours(24) - timedelta(minutes=1))) == 1


def test_a_reminder_of_a_rule_that_is_gone_is_withdrawn_when_it_wants_to_leave(salon, cut):
    """Before the background has come to it."""
    booking = make_booking(salon, cut, at(salon, "14:00"))
    change(salon, Rule.before(hours=3))

    assert leave(booking, hours(24)) == []
    assert reasons() == [("b1440", "withdrawn", "The salon has changed when it reminds.")]


def test_the_background_goes_on_until_nobody_can_have_read_the_old_rules(salon):
    change(salon, now=NOW)

    reminders.replan_reminders(now=NOW + timedelta(seconds=59))
    assert reminders.out_of_step().count() == 1
    reminders.replan_reminders(now=NOW + timedelta(minutes=1))
    assert reminders.out_of_step().count() == 0


def test_many_visits_are_planned_some_at_a_time(salon, cut, monkeypatch):
    monkeypatch.setattr("bookings.services.reminders.replanning.BATCH", 2)
    for number in range(5):
        make_booking(salon, cut, at(salon, "10:00", days=7 + number), details=guest(number))
    change(salon, Rule.before(hours=5))

    assert reminders.replan_reminders(now=timezone.now()) == 5
    assert Message.objects.filter(kind="reminder", status=MessageStatus.QUEUED).count() == 5


def test_a_salon_that_changes_its_clock_reminds_by_the_new_one(salon, cut):
    """Visits keep their instant: the evening before is another one."""
    change(salon, Rule.day_before(1, time(18)))
    reminders.replan_reminders(now=timezone.now())
    booking = make_booking(salon, cut, at(salon, "14:00"))
    settings.change_booking_rules(
        business=salon, changes={"timezone": "America/Los_Angeles"}, by=SYSTEM, now=timezone.now(), keep="instants"
    )
    reminders.replan_reminders(now=timezone.now())

    [row] = Message.objects.filter(kind="reminder", status=MessageStatus.QUEUED)
    booking.refresh_from_db()
    wall = row.due_at.astimezone(booking.zone)
    assert (booking.booking_tz, f"{wall:%H:%M}") == ("America/Los_Angeles", "18:00")
    assert wall.date() == booking.local_date - timedelta(days=1)


def test_text_messages_go_to_the_number_of_who_has_agreed(salon, cut, local_twilio):
    change(salon, Rule.before(hours=24, channel="sms"))
    make_booking(salon, cut, at(salon, "10:00"))
    booking = make_booking(salon, cut, at(salon, "14:00"), details=replace(DETAILS, texts=True))

    [row] = Message.objects.filter(kind="reminder")
    assert (row.channel, row.recipient, row.due_at) == (
        Channel.SMS,
        "+12125550187",
        booking.start_at - hours(24),
    )


def test_a_visit_taken_over_from_elsewhere_is_reminded_of_and_a_sample_is_not(salon, cut):
    row = Row(
        start=f"{at(salon, '14:00').astimezone(salon.zone):%Y-%m-%d %H:%M}",
        services=cut.name,
        name="Anna Berg",
        email="anna@example.com",
    )
    [result] = import_bookings(business=salon, rows=[row], by=SYSTEM, now=timezone.now())
    assert result.refusal == ""
    assert told() == USUAL
    Message.objects.filter(kind="reminder").delete()

    make_booking(salon, cut, at(salon, "11:00"), source=Source.SAMPLE, details=guest(1))

    assert Message.objects.filter(kind="reminder").count() == 0
