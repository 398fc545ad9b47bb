"""The page about text messages: who switches what, in their own salon alone."""

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from messaging.models import NotificationTemplate
from messaging.tests.conftest import local_twilio, twilio_server
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords", "local_twilio", "twilio_server"]
pytestmark = NO_STATIC
PAGE = "/dashboard/settings/texts/"
ON = {"trigger": "booking_confirmed", "use": "on"}


@pytest.fixture
def desk(client_for, salon, member):
    return lambda role="admin", business=salon: client_for(salon, member(role, business))


def in_use():
    return list(NotificationTemplate.objects.filter(is_active=True).values_list("trigger", "channel"))


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
def test_who_writes_words_switches_texts(salon, desk, role, status):
    client = desk(role)

    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, ON).status_code == (302 if status == 200 else 403)
    assert in_use() == ([("booking_confirmed", "sms")] if status == 200 else [])


def test_other_salons_have_no_page_here_and_keep_their_own(salon, other_salon, desk):
    assert desk("owner", other_salon).post(PAGE, ON).status_code == 404
    assert in_use() == []

    desk().post(PAGE, ON)
    with tenant_context(other_salon):
        assert in_use() == []


def test_a_press_switches_on_and_off_and_keeps_the_words(salon, desk, local_twilio):
    client = desk()
    client.post(PAGE, ON)
    NotificationTemplate.objects.update(body="Our own words")

    client.post(PAGE, ON)
    client.post(PAGE, ON | {"use": "off"})
    client.post(PAGE, ON | {"use": "off"})
    assert in_use() == []
    client.post(PAGE, ON)

    assert list(NotificationTemplate.objects.values_list("body", "is_active")) == [("Our own words", True)]
    assert AuditEntry.objects.count() == 3


def test_an_offer_of_the_waiting_list_is_switched_on_here_too(salon, desk):
    desk().post(PAGE, ON | {"trigger": "waitlist_offer"})

    assert in_use() == [("waitlist_offer", "sms")]


@pytest.mark.parametrize("trigger", ["", "nonsense", "gift_card", "team_invitation", "follow_up", "reminder"])
def test_what_is_no_occasion_for_a_text_is_not_found(salon, desk, trigger):
    assert desk().post(PAGE, ON | {"trigger": trigger}).status_code == 404


def test_the_page_says_what_a_text_costs_and_owners_what_they_have(salon, desk, local_twilio):
    admins, owners = desk().get(PAGE).content.decode(), desk("owner").get(PAGE).content.decode()

    assert "2 credits for each part" in admins
    assert ("Your first credits are on us" in admins, "Your first credits are on us" in owners) == (False, True)
    assert "Not sent yet" not in admins
    assert (admins.count(">Off<"), admins.count("badge-good")) == (9, 0)


def test_an_installation_that_sends_none_says_so(salon, desk):
    assert "This platform sends no text messages for now." in desk().get(PAGE).content.decode()
