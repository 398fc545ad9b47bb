"""Packages in the dashboard: who may, what is kept, one sold at the desk."""

import re
from functools import cache

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking, make_customer, make_service
from dashboard.tests.pages import url
from giftcards import codes, services
from giftcards.models import GiftCard, Package
from giftcards.tests.making import code, ledger, make_offer, make_package, reserve, uses
from messaging.models import Message
from payments.tests.test_figures import sums
from tenants.models import Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def desk(salon, client_for, member):
    return cache(lambda role="admin": client_for(salon, member(role)))


@pytest.fixture
def offer(salon, ann, cut):
    return make_offer(cut)


def typed(cut, **changes):
    return {
        "name": "Cut & finish",
        "visits": "5",
        "price_cents": "200",
        "service_ids": [str(cut.pk)],
        "valid_months": "12",
        "description": "",
        "sort_order": "",
        "sold_online": "on",
        "active": "on",
    } | changes


def sale(client, offer, **changes):
    key = re.search(r'name="key" value="([^"]+)"', client.get(url("package-sell", offer.pk)).text)[1]
    return {
        "key": key,
        "name": "Anna Berg",
        "email": "Anna@Example.com",
        "paid_by": "cash",
        "amount": "200.00",
        "reason": "",
    } | changes


@pytest.mark.parametrize("role", Role.values)
def test_who_issues_gift_cards_sells_packages(offer, desk, role):
    client, allowed = desk(role), role in (Role.OWNER, Role.ADMIN)
    pages = (url("packages"), url("package-add"), url("package", offer.pk), url("package-sell", offer.pk))

    assert {client.get(page).status_code for page in pages} == {200 if allowed else 403}


def test_a_package_is_added(salon, cut, desk):
    answer = desk().post(url("package-add"), typed(cut))

    package = Package.objects.get()
    assert answer.status_code == 302
    assert (package.title, package.price_cents, package.service_ids) == ("5 × Cut & finish", 20_000, [cut.pk])
    assert AuditEntry.objects.filter(action="package.added").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visits": "1"}, "visits"),
        ({"visits": "101"}, "visits"),
        ({"price_cents": "0"}, "price_cents"),
        ({"service_ids": []}, "service_ids"),
        ({"name": " "}, "name"),
        ({"valid_months": "0"}, "valid_months"),
    ],
)
def test_a_package_that_cannot_be_is_said_where(salon, cut, desk, changes, field):
    answer = desk().post(url("package-add"), typed(cut, **changes))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Package.objects.exists()


def test_another_salons_service_is_no_choice(salon, other_salon, cut, desk):
    with tenant_context(other_salon):
        foreign = make_service("Theirs")

    answer = desk().post(url("package-add"), typed(cut, service_ids=[str(foreign.pk)]))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["service_ids"])


def test_a_change_reaches_nothing_that_was_sold(salon, cut, offer, desk):
    client = desk()
    client.post(url("package-sell", offer.pk), sale(client, offer))

    client.post(url("package", offer.pk), typed(cut, visits="3", price_cents="150", active=""))

    offer.refresh_from_db()
    card = GiftCard.objects.get()
    assert (offer.visits, offer.price_cents, offer.active) == (3, 15_000, False)
    assert (card.title, card.usage_limit, card.price_cents) == ("5 × Cut", 5, 20_000)


def test_one_is_sold_at_the_desk(salon, cut, offer, desk):
    client = desk()

    answer = client.post(url("package-sell", offer.pk), sale(client, offer))

    card = GiftCard.objects.get()
    assert answer["Location"] == url("package-sold", card.pk)
    assert (card.recipient_name, card.recipient_email, card.paid_by, card.price_cents) == (
        "Anna Berg", "anna@example.com", "cash", 20_000,
    )  # fmt: skip
    assert (card.service_ids, card.package) == ([cut.pk], offer)
    services.deliver_due(business=salon, now=timezone.now())
    assert "5 of 5 visits" in Message.objects.get(kind="gift_card").text
    page = client.get(answer["Location"]).text
    assert ("5 of 5 visits left" in page, "$200.00" in page) == (True, True)
    assert AuditEntry.objects.get(action="giftcard.issued").after["paid_by"] == "cash"


def test_a_sale_that_is_sent_twice_is_one(offer, desk):
    client = desk()
    body = sale(client, offer)

    answers = [client.post(url("package-sell", offer.pk), body)["Location"] for _ in range(2)]

    assert answers == [url("package-sold", GiftCard.objects.get().pk)] * 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"paid_by": "free"}, "reason"),
        ({"amount": "150"}, "reason"),
        ({"amount": ""}, "amount"),
        ({"amount": "99999"}, "amount"),
        ({"paid_by": "online"}, "paid_by"),
        ({"name": ""}, "name"),
    ],
)
def test_a_sale_that_does_not_add_up_issues_nothing(offer, desk, changes, field):
    client = desk()

    answer = client.post(url("package-sell", offer.pk), sale(client, offer, **changes))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not GiftCard.objects.exists()


def test_given_free_of_charge_it_says_why_and_was_paid_with_nothing(offer, desk):
    client = desk()

    client.post(url("package-sell", offer.pk), sale(client, offer, paid_by="free", reason="A winner", email=""))

    card = GiftCard.objects.get()
    assert (card.price_cents, card.paid_by, card.note) == (0, "free", "A winner")


def test_what_is_not_sold_any_more_has_no_button(offer, desk):
    client = desk()
    Package.objects.update(active=False)

    assert client.get(url("package-sell", offer.pk)).status_code == 404
    assert url("package-sell", offer.pk) not in client.get(url("packages")).text


def test_a_customers_card_leads_to_a_sale_and_lists_packages(salon, offer, desk):
    client, customer = desk(), make_customer()
    page = client.get(url("customer", customer.pk)).text
    assert f"{url('packages')}?customer={customer.pk}" in page

    form = client.get(f"{url('package-sell', offer.pk)}?customer={customer.pk}").context["form"]
    assert (form["name"].value(), form["email"].value()) == (customer.display_name, "anna@example.com")
    client.post(url("package-sell", offer.pk), sale(client, offer))

    page = client.get(url("customer", customer.pk)).text
    card = GiftCard.objects.get()
    assert f'5 × Cut <span class="number">•••• {code(card)[-4:]}</span>' in page
    assert "5 of 5 visits left, until " in page


def test_another_salons_package_is_not_found(salon, other_salon, desk):
    with tenant_context(other_salon):
        foreign = make_offer(make_service("Cut"))
    client = desk()

    assert client.get(url("package", foreign.pk)).status_code == 404
    assert client.get(url("package-sell", foreign.pk)).status_code == 404
    assert client.get(url("package-sold", foreign.pk)).status_code == 404


# A sale that was a mistake -------------------------------------------------------------------------


@pytest.fixture
def sold(offer, desk):
    client = desk()
    client.post(url("package-sell", offer.pk), sale(client, offer))
    return GiftCard.objects.get()


def undo(client, card, reason="Pressed for the wrong customer"):
    return client.post(url("package-undo", card.pk), {"reason": reason})


def test_a_sale_at_the_desk_is_taken_back_once(salon, sold, desk):
    client = desk()
    assert url("package-undo", sold.pk) in client.get(url("package-sold", sold.pk)).text

    for _ in range(2):
        answer = undo(client, sold)

    card = GiftCard.objects.get()
    assert (answer.status_code, card.is_active, card.visits_left, card.unsold_at is None) == (302, False, 0, False)
    assert [kind for kind, *_ in ledger(card)] == ["issue", "expire"]
    entry = AuditEntry.objects.get(action="giftcard.sale_undone")
    assert (entry.after["price_cents"], entry.after["paid_by"], entry.after["reason"]) == (
        20_000,
        "cash",
        "Pressed for the wrong customer",
    )
    assert sums(salon, timezone.localdate(timezone=salon.zone)) == []
    page = client.get(url("package-sold", sold.pk)).text
    assert "This sale was taken back" in page
    assert codes.shown(code(card)) not in page
    assert "Taken back" in client.get(url("packages")).text


def test_a_sale_is_not_taken_back_without_a_reason(sold, desk):
    answer = undo(desk(), sold, reason=" ")

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    assert GiftCard.objects.get().unsold_at is None


def test_a_package_somebody_has_booked_with_stays_sold(salon, cut, sold, desk):
    booking = make_booking(salon, cut, at(salon))
    reserve(salon, booking, sold)

    answer = undo(desk(), sold)

    assert answer.status_code == 422
    assert "A visit was booked or paid with it already." in answer.text
    assert (GiftCard.objects.get().is_active, uses(sold)) == (True, 1)
    services.release(booking=booking, now=timezone.now())
    assert undo(desk(), sold).status_code == 302


def test_what_was_not_sold_at_the_desk_is_not_taken_back_there(cut, ann, desk):
    card = make_package(cut, paid_by="online")
    client = desk()

    assert url("package-undo", card.pk) not in client.get(url("package-sold", card.pk)).text
    assert undo(client, card).status_code == 422
    assert GiftCard.objects.get().is_active


def test_a_sale_that_was_taken_back_is_not_switched_on_again(sold, desk):
    undo(desk(), sold)

    with pytest.raises(services.GiftCardUnchangeable):
        services.enable(card=sold, reason="Why not", by=SYSTEM, now=timezone.now())
    with pytest.raises(IntegrityError, match="gift_unsold_is_off"), transaction.atomic():
        GiftCard.objects.update(is_active=True)


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_who_sells_none_takes_none_back(sold, desk, role):
    assert undo(desk(role), sold).status_code == 403
    assert GiftCard.objects.get().is_active


def test_another_salons_sale_is_not_found(sold, other_salon, client_for, member):
    assert undo(client_for(other_salon, member("owner", other_salon)), sold).status_code == 404
    assert GiftCard.objects.get().is_active


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long_it_is(cut, ann, desk, rows, django_assert_num_queries):
    client = desk()
    for number in range(rows):
        made = make_offer(cut, name=f"Package {number}")
        client.post(url("package-sell", made.pk), sale(client, made))
    client.get(url("packages"))

    with django_assert_num_queries(QUERIES):
        client.get(url("packages"))


QUERIES = 8
