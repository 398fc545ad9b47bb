"""What the team is told: whom it concerns, once, as each wants it; and the morning's e-mail."""

import smtplib
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from messaging import channels, composing, services
from messaging.models import Message, MessageStatus, Notice, NoticeSettings
from messaging.notices import forgetting, queries, settings
from messaging.notices.digests import next_digest
from messaging.notices.events import AT_ONCE, DIGEST, EVENTS, IN_THE_MORNING, How
from messaging.notices.mails import write_digest
from messaging.notices.services import tell
from tenants.models import Business, Membership, Role

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
ABOUT = uuid4()


@pytest.fixture(autouse=True)
def mornings_are_written(nobody_writes):
    composing.register(DIGEST, write_digest)


@pytest.fixture
def team(salon, owner, admin, staff, viewer, member, other_salon):
    """The people of rosa by role; another salon has some, too."""
    member("staff", other_salon)
    return {"owner": owner, "admin": admin, "staff": staff, "viewer": viewer}


def told(event="visit_booked", **changes):
    tell(**{"event": event, "about_id": ABOUT, "words": "Anna Berg has booked Cut.", "now": NOW} | changes)


def readers(team, **narrowed):
    names = {user.pk: role for role, user in team.items()}
    return sorted(names[pk] for pk in Notice.objects.filter(**narrowed).values_list("reader_id", flat=True))


def wish(user, shown=True, mail="", event="visit_booked", **fields):
    settings.change(reader_id=user and user.pk, rules={event: How(shown, mail)}, by=SYSTEM, now=NOW, **fields)


# To whom -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("visit_booked", ["admin", "owner", "staff", "viewer"]),
        ("visit_asked", ["admin", "owner", "staff"]),
        ("payment_stopped", ["admin", "owner", "staff"]),
        ("sale_disputed", ["admin", "owner", "staff"]),
        ("membership_disputed", ["admin", "owner", "staff"]),
        ("message_failed", ["admin", "owner", "staff"]),
    ],
)
def test_it_is_told_to_those_it_concerns(event, expected, team, other_salon):
    told(event)

    assert readers(team) == expected
    with tenant_context(other_salon):
        assert Notice.objects.count() == 0


def test_nobody_is_told_of_what_they_did(team):
    told(by=team["staff"].pk)

    assert readers(team) == ["admin", "owner", "viewer"]


def test_a_changed_role_counts_at_once_for_new_notices_and_for_old_ones(salon, team):
    told("payment_stopped")
    Business.objects.filter(pk=salon.pk).update(role_changes={"close_visits": {"staff": False}})
    staff = Membership.objects.with_roles().get(user=team["staff"], business=salon)

    told("payment_stopped", version="2")

    assert readers(team, version="2") == ["admin", "owner"]
    assert (queries.unread_of(staff), list(queries.notices_of(staff))) == (0, [])


def test_the_same_is_told_once(team):
    told(version="1")
    told(version="1")
    told(version="2")

    assert Notice.objects.count() == 8


def test_each_is_told_as_they_want_it_and_as_the_salon_says_where_they_say_nothing(team):
    wish(None, shown=False)
    wish(team["staff"], shown=True)

    told()

    assert readers(team) == ["staff"]


def test_only_mine_is_asked_once_for_those_who_want_that(team):
    wish(team["staff"], only_mine=True)
    wish(team["admin"], only_mine=True)
    asked = []

    def whose():
        asked.append(1)
        return [team["admin"].pk]

    told(whose=whose)
    told("message_failed", version="x")  # nobody's own

    assert readers(team, event="visit_booked") == ["admin", "owner", "viewer"]
    assert readers(team, event="message_failed") == ["admin", "owner", "staff"]
    assert asked == [1]


def test_what_was_written_by_another_way_says_nothing(team):
    NoticeSettings.objects.create(reader_id=team["staff"].pk, rules={"visit_booked": {"shown": True, "mail": "x"}})
    NoticeSettings.objects.create(reader_id=team["admin"].pk, rules=[1])

    told()

    assert readers(team) == ["admin", "owner", "staff", "viewer"]


def test_it_costs_as_many_questions_for_few_as_for_many(salon, owner, member, django_assert_num_queries):
    with django_assert_num_queries(3):
        told()
    for role in ("admin", "staff", "viewer"):
        member(role)
    with django_assert_num_queries(3):
        told(version="2")


# By e-mail -----------------------------------------------------------------------------------------


def test_by_e_mail_at_once(team, salon):
    wish(team["staff"], shown=False, mail=AT_ONCE)

    told()
    told()

    message = Message.objects.get(kind="staff_notice")
    assert (message.recipient, message.subject) == ("staff@rosa.example", "Anna Berg has booked Cut.")
    assert f"{salon.url}/dashboard/visits/{ABOUT}/" in message.text
    assert Notice.objects.get(reader_id=team["staff"].pk).is_shown is False


def test_a_morning_is_one_e_mail_and_its_words_are_those_of_the_morning(team, salon):
    wish(team["staff"], mail=IN_THE_MORNING)
    told(version="1")
    told(version="2", words="Bob Stone has booked Colour.", now=NOW + timedelta(hours=1))
    digest = Message.objects.get(kind="staff_digest")
    assert (digest.text, digest.due_at) == ("", datetime(2027, 3, 2, 13, 0, tzinfo=UTC))  # 08:00 in New York

    assert services.send_due(now=digest.due_at - timedelta(seconds=1)) == 0
    assert services.send_due(now=digest.due_at) == 1

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["staff@rosa.example"], "Rosa Studio: 2 things that happened")
    assert "Mon 1 Mar, 13:00  Anna Berg has booked Cut.\nMon 1 Mar, 14:00  Bob Stone has booked Colour." in sent.body


def test_what_happens_after_the_morning_stands_in_the_next_one(team):
    wish(team["staff"], mail=IN_THE_MORNING)
    told(version="1")
    services.send_due(now=NOW + timedelta(days=1))

    told(version="2", now=NOW + timedelta(days=1))

    assert [message.status for message in Message.objects.filter(kind="staff_digest").order_by("due_at")] == [
        MessageStatus.SENT,
        MessageStatus.QUEUED,
    ]
    assert len(set(Notice.objects.filter(reader_id=team["staff"].pk).values_list("digest_id", flat=True))) == 2


def test_a_time_put_off_after_the_mornings_e_mail_waits_for_the_day_after(team):
    wish(team["staff"], mail=IN_THE_MORNING)
    told(version="1")
    morning = datetime(2027, 3, 2, 13, 0, tzinfo=UTC)
    services.send_due(now=morning)
    settings.change(reader_id=None, rules={}, digest_at=time(12), by=SYSTEM, now=morning)

    told(version="2", now=morning + timedelta(minutes=5))

    assert Message.objects.get(kind="staff_digest", status="queued").due_at == datetime(2027, 3, 3, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("change", ["switched off", "another role", "forgotten"])
def test_a_morning_without_anything_to_tell_is_withdrawn(change, team, salon):
    wish(team["staff"], mail=IN_THE_MORNING, event="payment_stopped")
    told("payment_stopped")
    if change == "switched off":
        wish(team["staff"], event="payment_stopped")
    elif change == "another role":
        Membership.objects.filter(user=team["staff"]).update(role=Role.VIEWER)
    else:
        services.forget(about=[ABOUT])

    assert services.send_due(now=NOW + timedelta(days=1)) == 0

    digest = Message.objects.get(kind="staff_digest")
    assert (digest.status, digest.reason) == (MessageStatus.WITHDRAWN, "There was nothing to tell.")


#: now → the next 08:00 in Paris, in UTC
MORNINGS = [
    ("2027-03-27T06:59", "2027-03-27T07:00"),
    ("2027-03-27T07:00", "2027-03-28T06:00"),  # clocks go forward in the night
    ("2027-10-30T10:00", "2027-10-31T07:00"),  # and back
]


@pytest.mark.parametrize(("now", "expected"), MORNINGS)
def test_a_morning_is_the_same_time_on_the_wall_whatever_clocks_do(now, expected):
    now, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, expected))

    assert next_digest(now=now, at=time(8), zone=ZoneInfo("Europe/Paris")) == expected


def test_a_time_that_clocks_leave_out_or_repeat_comes_once():
    paris, at = ZoneInfo("Europe/Paris"), time(2, 30)
    spring, autumn = datetime(2027, 3, 27, 23, 0, tzinfo=UTC), datetime(2027, 10, 30, 22, 0, tzinfo=UTC)

    first = next_digest(now=autumn, at=at, zone=paris)

    assert next_digest(now=spring, at=at, zone=paris) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert (first, next_digest(now=first, at=at, zone=paris)) == (
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 11, 1, 1, 30, tzinfo=UTC),
    )


# Messages that failed ------------------------------------------------------------------------------


def failing(monkeypatch, **fields):
    def refuse(message):
        raise channels.Undeliverable("550 no such user")

    monkeypatch.setattr(channels, "send", refuse)
    asked = {"kind": "booking_confirmed", "recipient": "anna@example.com", "subject": "Hi", "text": "Hello", "now": NOW}
    message = services.queue(**asked | {"about_id": ABOUT} | fields)
    services.send_due(now=NOW)
    return message


def test_a_message_that_failed_for_good_is_told_of(team, monkeypatch):
    message = failing(monkeypatch)

    notice = Notice.objects.filter(reader_id=team["staff"].pk).get()
    assert (notice.event, notice.about_id) == ("message_failed", message.pk)
    assert notice.words == "Booking confirmed to anna@example.com could not be sent."
    assert readers(team) == ["admin", "owner", "staff"]


def test_of_a_receipt_only_who_sees_money_hears(salon, team, monkeypatch):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"staff": False, "viewer": False}})

    failing(monkeypatch, kind="receipt")

    assert readers(team) == ["admin", "owner"]


def test_a_message_that_is_tried_again_is_told_of_to_nobody(team, monkeypatch):
    def away(message):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(channels, "send", away)
    services.queue(kind="hello", recipient="a@x.example", subject="Hi", text="Hello", about_id=ABOUT, now=NOW)
    services.send_due(now=NOW)

    assert Notice.objects.count() == 0


def test_a_notice_that_failed_is_told_of_to_nobody(team, monkeypatch):
    wish(team["staff"], mail=AT_ONCE, event="message_failed")

    failing(monkeypatch)
    services.send_due(now=NOW)

    assert Message.objects.get(kind="staff_notice").status == MessageStatus.DEAD
    assert Notice.objects.filter(reader_id=team["staff"].pk).count() == 1


# Settings ------------------------------------------------------------------------------------------


def test_a_change_is_in_the_trail_and_no_change_is_not(team):
    wish(team["staff"], mail=AT_ONCE)
    wish(team["staff"], mail=AT_ONCE)
    settings.reset(reader_id=team["staff"].pk, by=SYSTEM, now=NOW)

    lines = AuditEntry.objects.filter(action__startswith="notices.").order_by("at", "action")
    assert [(line.action, line.after) for line in lines] == [
        ("notices.changed", {"rules": {"visit_booked": {"shown": True, "mail": "now"}}}),
        ("notices.reset", {}),
    ]
    assert NoticeSettings.objects.count() == 0


def test_the_salon_has_one_row_and_what_is_its_own_stands_nowhere_else(team):
    from django.db import IntegrityError, transaction

    settings.change(reader_id=None, rules={}, copy_to="desk@rosa.example", by=SYSTEM, now=NOW)

    for fields in ({"reader_id": None}, {"reader_id": uuid4(), "copy_to": "x@x.example"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeSettings.objects.create(**fields)


def test_the_salons_copy_goes_where_its_owner_says(salon):
    salon.email = "salon@rosa.example"
    assert queries.copy_address(salon) == "salon@rosa.example"

    settings.change(reader_id=None, rules={}, copy_to="desk@rosa.example", by=SYSTEM, now=NOW)
    assert queries.copy_address(salon) == "desk@rosa.example"

    settings.change(reader_id=None, rules={}, sends_copy=False, by=SYSTEM, now=NOW)
    assert queries.copy_address(salon) == ""


# Forgetting ----------------------------------------------------------------------------------------


def test_who_is_forgotten_is_forgotten_in_notices_and_in_mornings_that_have_left(team):
    wish(team["staff"], mail=IN_THE_MORNING)
    wish(team["admin"], mail=AT_ONCE)
    told()
    told(about_id=uuid4(), words="Bob Stone has booked Colour.")
    services.send_due(now=NOW + timedelta(days=1))

    services.forget(about=[ABOUT], recipients=["anna@example.com"])

    assert set(Notice.objects.values_list("words", flat=True)) == {"", "Bob Stone has booked Colour."}
    assert [text for text in Message.objects.values_list("text", flat=True) if "Anna" in text] == []


def test_who_is_forgotten_is_forgotten_in_what_was_told_of_a_message_that_failed(team, monkeypatch):
    wish(team["staff"], mail=AT_ONCE, event="message_failed")
    failing(monkeypatch)

    services.forget(about=[ABOUT], recipients=["anna@example.com"])

    assert set(Notice.objects.values_list("words", flat=True)) == {""}
    assert [row.text for row in Message.objects.all() if "anna" in f"{row.text}{row.subject}{row.recipient}"] == []


def test_notices_of_long_ago_go_with_the_words_they_stood_in(team, other_salon):
    wish(team["staff"], mail=IN_THE_MORNING)
    told(now=NOW)
    told(version="2", now=NOW + timedelta(days=2))
    services.send_due(now=NOW + timedelta(days=1))

    assert forgetting.forget_old(now=NOW + forgetting.KEPT) == 0
    assert forgetting.forget_old(now=NOW + forgetting.KEPT + timedelta(seconds=1)) == 4

    assert set(Notice.objects.values_list("version", flat=True)) == {"2"}
    assert [message.text for message in Message.objects.filter(kind="staff_digest", status="sent")] == [""]


def test_every_event_is_kept_in_its_column():
    assert max(map(len, EVENTS)) <= Notice._meta.get_field("event").max_length
