"""The page about reminders: who opens it, what it shows, what it writes through the service, what it refuses."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import ReminderRule, ReminderSettings
from bookings.queries.reminders import reminding
from bookings.services import reminders as verbs
from dashboard.reminders.forms import RemindersForm
from messaging import gateway
from tenants.models import Business
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
PATH = "/dashboard/settings/reminders/"
USUAL = {
    "rule0-number": "24",
    "rule0-unit": "hours",
    "rule0-is_active": "on",
    "rule1-number": "2",
    "rule1-unit": "hours",
    "rule1-is_active": "on",
    "rule2-number": "",
    "rule2-unit": "hours",
    "rule2-is_active": "True",
    "has_quiet": "on",
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "after": "1",
    "after_unit": "days",
}


@pytest.fixture
def salon(rosa):
    with tenant_context(rosa):
        yield rosa


@pytest.fixture
def owner(member):
    return member("owner")


@pytest.fixture
def desk(salon, client_for, owner):
    return client_for(salon, owner)


def send(client, **changes):
    return client.post(PATH, {name: value for name, value in (USUAL | changes).items() if value is not None})


def about():
    return [rule.about for rule in reminding().rules]


def nothing_written():
    return (ReminderSettings.objects.count(), ReminderRule.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_owners_and_admins_open_it(salon, client_for, member, role, status):
    client = client_for(salon, member(role))

    assert client.get(PATH).status_code == status
    assert send(client, **{"rule0-number": "30"}).status_code == (302 if status == 200 else 403)
    assert (about() == ["30 h before the visit", "2 h before the visit"]) == (status == 200)


def test_for_strangers_and_other_salons_there_is_none(salon, nora, client_for, member):
    assert client_for(salon, member("owner", nora)).get(PATH).status_code == 404
    assert client_for(salon).get(PATH).status_code == 302
    assert nothing_written()


def test_one_salons_reminders_are_not_anothers(salon, nora, desk):
    send(desk, **{"rule0-number": "30"})

    with tenant_context(nora):
        assert about() == ["24 h before the visit", "2 h before the visit"]


def test_it_shows_when_each_leaves_before_anything_was_said(salon, desk):
    page = desk.get(PATH).content.decode()

    assert page.count("24 h before the visit, by e-mail") == 2
    assert "For a visit on Friday" in page
    assert "Cancelling is free until" not in page


def test_with_a_fee_it_shows_the_reminder_before_it(salon, desk):
    Business.objects.filter(pk=salon.pk).update(
        cancellation_fee_type="fixed", cancellation_fee_cents=1000, cancellation_window_hours=24
    )

    page = desk.get(PATH).content.decode()

    assert "Cancelling is free until Thu" in page
    assert ', 12:00</b><br><span class="muted small">24 h before the visit, by e-mail' in page


def test_it_saves_each_kind_and_says_so_in_the_trail(salon, desk, owner):
    sent = {"rule0-number": "1", "rule0-unit": "days", "rule0-at": "18:30", "rule1-number": "90"}
    more = {"rule1-unit": "minutes", "rule2-number": "2", "rule2-unit": "days", "follows_up": "on"}

    answer = send(desk, **sent, **more)

    assert (answer.status_code, answer.url) == (302, PATH)
    assert about() == ["1 day before, at 18:30", "90 min before the visit", "2 days before, at the hour of the visit"]
    assert reminding().follow_up_min == 24 * 60
    entry = AuditEntry.objects.get(action="reminders.changed")
    assert entry.after["reminders"][0] == "1 day before, at 18:30, by e-mail"
    assert owner.email in entry.actor_label


def test_a_reminder_is_taken_out_by_emptying_its_number(salon, desk):
    send(desk, **{"rule0-number": "", "rule1-number": ""})

    assert (about(), ReminderSettings.objects.get().has_own_rules) == ([], True)
    assert desk.get(PATH).content.decode().count("Nobody is reminded.") == 2


def test_a_reminder_that_is_not_in_use_stays_on_the_page(salon, desk):
    send(desk, **{"rule0-is_active": None})

    assert about() == ["2 h before the visit"]
    assert [form.is_there for form in RemindersForm(how=reminding()).rules] == [True, True, False]


def test_quiet_hours_can_be_switched_off(salon, desk):
    send(desk, has_quiet=None)

    assert reminding().quiet is None


def test_looking_shows_what_was_typed_and_saves_nothing(salon, desk):
    answer = send(desk, **{"rule0-number": "30", "look": "1"})

    page = answer.content.decode()
    assert (answer.status_code, page.count("30 h before the visit, by e-mail")) == (200, 2)
    assert 'value="30"' in page
    assert nothing_written()


@pytest.mark.parametrize("look", [{}, {"look": "1"}], ids=["save", "look"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rule0-number": "5", "rule0-unit": "minutes"}, "at least 15 minutes before"),
        ({"rule0-number": "61", "rule0-unit": "days"}, "from 1 to 60"),
        ({"rule0-number": "2"}, "in the list already"),
        ({"rule0-number": "abc"}, "Enter a whole number."),
        ({"rule0-number": "0"}, "greater than or equal to 1"),
        ({"rule0-number": "99999999"}, "less than or equal to"),
        ({"rule0-unit": "weeks"}, "Select a valid choice."),
        ({"rule0-at": "18:00"}, "A time of day is for days."),
        ({"quiet_from": ""}, "Write a time"),
        ({"quiet_from": "08:00"}, "at most 16 hours"),
        ({"follows_up": "on", "after": ""}, "Write a number"),
        ({"follows_up": "on", "after": "61"}, "at most 60 days"),
        ({"rule0-number": "24\r\nBcc: x"}, "Enter a whole number."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_entries_stay(salon, desk, changes, sentence, look):
    answer = send(desk, **changes, **look, **({} if "rule2-number" in changes else {"rule2-number": "77"}))

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, 'value="77"' in page) == (200, True, True)
    assert "Please check the following" in page
    assert nothing_written()


def test_five_are_as_many_as_there_may_be(salon, desk):
    send(desk, **{"rule2-number": "3"})
    for number in (3, 4):
        send(
            desk,
            **{f"rule{each}-{name}": value for each in range(number) for name, value in row(each)},
            **{
                f"rule{number}-number": str(50 + number),
                f"rule{number}-unit": "hours",
                f"rule{number}-is_active": "True",
            },
        )

    assert len(about()) == verbs.MOST_RULES
    assert len(RemindersForm(how=reminding()).rules) == verbs.MOST_RULES


def row(each):
    numbers = ["24", "2", "3", "53", "54"]
    return [("number", numbers[each]), ("unit", "hours"), ("is_active", "on")]


def test_text_messages_are_offered_where_they_are_switched_on(salon, desk, settings):
    assert "rule0-channel" not in desk.get(PATH).content.decode()
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "AC1", "token", "+12125550100"
    gateway.client.cache_clear()

    assert "rule0-channel" in desk.get(PATH).content.decode()
    send(desk, **{"rule0-channel": "sms"})
    assert [rule.channel for rule in reminding().rules] == ["sms", "email"]
    gateway.client.cache_clear()


def test_saving_plans_visits_to_come_anew(salon, desk):
    before = timezone.now()
    send(desk, **{"rule0-number": "30"})

    assert ReminderSettings.objects.get().stale_since >= before
