"""The way out of advertising: one press, without a cookie; looking changes nothing; it can be taken back."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from bookings.models import Customer
from bookings.tests.factories import make_customer
from messaging import links, services
from messaging.models import Channel, Suppression

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # as RFC 8058 has it


@pytest.fixture
def customer(salon):
    return make_customer(marketing_opt_in=True, marketing_opt_in_at=NOW)


def path_for(business, address="anna@example.com"):
    with tenant_context(business):
        return urlsplit(links.unsubscribe_url(business=business, channel=Channel.EMAIL, address=address)).path


def suppressions():
    return list(Suppression.objects.values_list("channel", "address", "scope", "cause"))


UNSUBSCRIBED = [("email", "anna@example.com", "advertising", "unsubscribed")]


def test_looking_changes_nothing(salon, salon_client, customer):
    for ask in (salon_client.get, salon_client.head):
        assert ask(path_for(salon)).status_code == 200

    assert suppressions() == []
    customer.refresh_from_db()
    assert customer.marketing_opt_in


def test_a_mail_program_unsubscribes_without_a_cookie(salon, customer):
    program = Client(HTTP_HOST=salon.host, enforce_csrf_checks=True)

    answers = [program.post(path_for(salon), ONE_CLICK) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200], "no redirect: mail programs follow none"
    with tenant_context(salon):
        assert suppressions() == UNSUBSCRIBED
        customer.refresh_from_db()
    assert (customer.marketing_opt_in, customer.marketing_opt_in_at) == (False, None)


def test_it_is_taken_back_by_the_same_page(salon, salon_client, customer):
    path = path_for(salon)
    salon_client.post(path, {"stop": "1"})

    page = salon_client.post(path, {"again": "1"})

    assert suppressions() == []
    customer.refresh_from_db()
    assert customer.marketing_opt_in
    assert "Stop the news" in page.text


def test_taking_back_lifts_nothing_else(salon, salon_client, customer):
    services.suppress(channel="email", address="anna@example.com", scope="all", cause="bounced", now=NOW)

    page = salon_client.post(path_for(salon), {"again": "1"})

    assert suppressions() == [("email", "anna@example.com", "all", "bounced")]
    assert "again" not in page.text.split("<form")[-1]


def test_a_link_of_one_salon_is_noise_on_another(salon, other_salon, other_client, salon_client, customer):
    assert other_client.post(path_for(salon), ONE_CLICK).status_code == 404
    assert salon_client.post(path_for(other_salon), ONE_CLICK).status_code == 404

    assert suppressions() == []
    with tenant_context(other_salon):
        assert suppressions() == []


@pytest.mark.parametrize("token", ["x", "a" * 70, "é", "=" * 8])
def test_what_nobody_signed_opens_nothing(salon_client, token):
    assert salon_client.post(f"/unsubscribe/{token}/", ONE_CLICK).status_code == 404


def test_the_link_shows_no_address_and_stays_the_same(salon):
    first, second = path_for(salon), path_for(salon, "Anna@Example.com")

    assert first == second
    assert "anna" not in first


def test_the_others_customers_keep_their_news(salon, salon_client, customer):
    other = make_customer("Bo Lind", "bo@example.com", marketing_opt_in=True, marketing_opt_in_at=NOW)

    salon_client.post(path_for(salon), ONE_CLICK)

    assert Customer.objects.filter(marketing_opt_in=True).get() == other
