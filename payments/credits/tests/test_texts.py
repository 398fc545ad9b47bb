"""What a text message costs: the owner's credits, once, and given back when it is not delivered."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from config.testing_racing import at_once
from messaging import metering
from messaging import services as messaging
from messaging.dispatch.models import Dispatch
from messaging.models import Channel, Message
from messaging.tests.conftest import local_twilio, twilio_server
from messaging.tests.local_twilio import deliver
from payments.credits import services, texts
from payments.credits.models import CreditEntry, Profile
from tenants.models import Membership, Role, User

__all__ = ["local_twilio", "twilio_server"]
NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)
ANN = "+12125550101"


@pytest.fixture(autouse=True)
def prices(settings):
    settings.CREDITS_PER_SMS, settings.CREDITS_AT_SIGNUP = 2, 10


def queue(**changes):
    fields = {"kind": "hello", "recipient": ANN, "text": "See you", "about_id": uuid4(), "channel": Channel.SMS}
    return messaging.queue(**fields | {"now": NOW} | changes)


def entries(user):
    rows = CreditEntry.objects.filter(profile__user=user).order_by("pk")
    return list(rows.values_list("kind", "amount_signed", "balance_after"))


def second_owner(business):
    user = User.objects.create_user("second@rosa.example")
    Membership.objects.create(user=user, business=business, role=Role.OWNER)
    return user


def test_an_owners_first_text_opens_their_credits_and_takes_its_price(salon, owner, local_twilio):
    message = queue(text="a" * 161)

    assert messaging.send_due(now=NOW) == 1

    assert entries(owner) == [("signup", 10, 10), ("spend", -4, 6)]
    spent = CreditEntry.objects.get(kind="spend")
    assert spent.reference == f"sms:{salon.schema_name}:{message.pk}"
    assert spent.note == "Text message, Rosa Studio"


def test_mails_cost_nothing(salon, owner, mailoutbox):
    messaging.queue(kind="x", recipient="ann@example.com", subject="x", text="x", now=NOW)

    assert messaging.send_due(now=NOW) == 1
    assert not Profile.objects.exists()


def test_a_text_is_charged_once_however_often_it_is_tried(salon, owner, local_twilio):
    queue()
    local_twilio.fault("500", times=3)

    for hours in range(5):
        messaging.send_due(now=NOW + timedelta(hours=hours))

    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8)]
    assert len(local_twilio.taken()) == 1


def test_what_never_leaves_is_given_back_once(salon, owner, local_twilio):
    queue(recipient="+15005550009")

    messaging.send_due(now=NOW)
    message = Message.objects.get()
    texts.give_back(message, NOW)

    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8), ("return", 2, 10)]


def test_what_does_not_arrive_is_given_back_once(salon, owner, local_twilio, platform_client):
    queue(recipient="+15005550013")
    messaging.send_due(now=NOW)

    for call in local_twilio.news() * 2:
        deliver(platform_client, call)

    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8), ("return", 2, 10)]


def test_one_that_is_sent_once_more_by_staff_costs_once_more(salon, owner, local_twilio, settings):
    settings.TWILIO_FROM = ""
    message = queue()
    messaging.send_due(now=NOW)
    settings.TWILIO_FROM = "+15005550006"

    messaging.resend(message=message, by=SYSTEM, now=LATER)
    assert messaging.send_due(now=LATER) == 1
    message.refresh_from_db()
    texts.charge(message, LATER)

    assert [row[:2] for row in entries(owner)] == [("signup", 10), ("spend", -2), ("return", 2), ("spend", -2)]
    texts.give_back(message, LATER)
    texts.give_back(message, LATER)
    assert entries(owner)[-1] == ("return", 2, 10)
    assert CreditEntry.objects.filter(kind="return").count() == 2


def test_who_has_been_an_owner_longest_pays_then_the_next(salon, owner, local_twilio):
    second = second_owner(salon)
    services.get_or_create_profile(user=second, full_name="", now=NOW)
    for _ in range(6):
        queue()

    assert messaging.send_due(now=NOW) == 6

    assert entries(owner)[-1] == ("spend", -2, 0)
    assert entries(second) == [("signup", 10, 10), ("spend", -2, 8)]


def test_staff_and_other_salons_owners_pay_nothing(salon, owner, other_salon, staff, admin, local_twilio):
    for user in (staff, admin, User.objects.get(memberships__business=other_salon, memberships__role=Role.OWNER)):
        services.get_or_create_profile(user=user, full_name="", now=NOW)
    for _ in range(6):
        queue()

    messaging.send_due(now=NOW)

    assert len(local_twilio.taken()) == 5
    assert CreditEntry.objects.filter(kind="spend").exclude(profile__user=owner).count() == 0


def test_without_credits_nothing_leaves_and_owners_hear_of_it_once_a_day(salon, owner, local_twilio, mailoutbox):
    second = second_owner(salon)
    Profile.objects.create(user=owner)
    first, _ = queue(), queue()

    assert messaging.send_due(now=NOW) == 2, "two mails"

    first.refresh_from_db()
    assert (first.status, first.reason) == ("dead", texts.NO_CREDITS)
    assert local_twilio.taken() == []
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([owner.email, second.email])
    assert mailoutbox[0].subject == "Rosa Studio: text messages have stopped"
    assert "http://localhost:8000/credits/" in mailoutbox[0].body

    queue()
    messaging.send_due(now=NOW + timedelta(days=1))
    assert len(mailoutbox) == 4


def test_a_salon_without_an_owner_sends_none(salon, owner, local_twilio):
    Membership.objects.filter(user=owner).delete()
    queue()

    assert messaging.send_due(now=NOW) == 0
    assert Message.objects.get().reason == texts.NO_CREDITS


def test_two_salons_spend_their_own(salon, owner, other_salon, local_twilio):
    """Also for messages of one and the same id: an id is no salon's secret."""
    theirs = User.objects.get(memberships__business=other_salon, memberships__role=Role.OWNER)
    pk = queue().pk
    with tenant_context(other_salon):
        queue()
        Message.objects.update(id=pk)
        Dispatch.objects.filter(schema_name=other_salon.schema_name).update(message_id=pk)
        assert messaging.send_due(now=NOW) == 1

    assert (entries(owner), entries(theirs)) == ([], [("signup", 10, 10), ("spend", -2, 8)])
    assert messaging.send_due(now=NOW) == 1
    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("prepared", [True, False], ids=["open profile", "no profile yet"])
def test_two_workers_charge_a_text_once(rosa, owner, local_twilio, prepared):
    if prepared:
        services.get_or_create_profile(user=owner, full_name="", now=NOW)
    with tenant_context(rosa):
        message = queue()

    def work(number):
        with tenant_context(rosa):
            return messaging.send_due(now=NOW)

    assert sum(at_once(4, work)) == 1

    connection.set_schema_to_public()
    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8)]
    assert len(local_twilio.taken()) == 1
    with tenant_context(rosa):
        message.refresh_from_db()
        assert message.status == "sent"


@pytest.mark.django_db(transaction=True)
def test_the_ledger_itself_takes_a_text_once(rosa, owner):
    """Also where a claim had ended and two workers hold one message: the second finds the first one's entry."""
    services.get_or_create_profile(user=owner, full_name="", now=NOW)
    with tenant_context(rosa):
        message = queue()

    def pay(number):
        with tenant_context(rosa):
            try:
                texts.charge(message, NOW)
            except (services.ReferenceTaken, metering.NotPaid) as exc:
                return type(exc)

    at_once(4, pay)

    assert entries(owner) == [("signup", 10, 10), ("spend", -2, 8)]


def test_the_credits_page_tells_the_price(owner, client_for, local_twilio, settings):
    page = client_for(None, owner)

    assert "A text message costs 2 credits" in page.get("/credits/").content.decode()

    settings.TWILIO_FROM = ""
    assert "A text message costs" not in page.get("/credits/").content.decode()
