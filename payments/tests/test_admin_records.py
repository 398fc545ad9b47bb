"""Records of money in the admin: everybody reads them, nobody edits them, and a sold gift card can be refunded."""

from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from bookings.tests.factories import at, make_customer
from giftcards.models import GiftCard
from giftcards.tests.making import make_card
from payments.models import CardHold, Dispute, GiftCardOrder, LedgerEntry, MoneyAction, Payment, Refund, SavedCard
from payments.tests.desk import form_of, lines, said
from payments.tests.making import book
from tenants.models import Business, Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
RECORDS = ("cardhold", "dispute", "giftcardorder", "ledgerentry", "moneyaction", "payment", "refund", "savedcard")


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="admin": client_for(salon, member(role))


def rows_of(booking, count):
    """`count` of every record, half of them about a gift card instead of the booking."""
    payment, now = Payment.objects.get(booking=booking), timezone.now()
    for number in range(count):
        order = sold(cents=5000, form_key=f"f{number}", payment_intent_id=f"pi_{number}")
        about = {"booking": booking, "payment": payment} if number % 2 else {"order": order}
        paid = {"payment": payment} if number % 2 else {"order": order}
        CardHold.objects.create(booking=booking, amount_cents=1, currency_code="USD", state="failed")
        Dispute.objects.create(stripe_id=f"du_{number}", amount_cents=1, currency_code="USD", opened_at=now, **paid)
        action = MoneyAction.objects.create(
            client_key=f"k{number}", kind="refund", amount_cents=1, currency_code="USD", state="succeeded", **about
        )
        LedgerEntry.objects.create(
            kind="refund",
            stripe_id=f"re_{number}",
            amount_cents=100,
            currency_code="USD",
            at=now,
            action=action,
            **about,
        )
        Refund.objects.create(action=action, amount_cents=1, refund_type="partial", status="succeeded", **about)
        SavedCard.objects.create(
            customer=make_customer(email=f"c{number}@example.com"),
            payment_method_id=f"pm_{number}",
            consented_at=now,
            brand="visa",
            last4="4242",
            exp_month=4,
            exp_year=2030,
        )


def sold(*, cents, **fields):
    return GiftCardOrder.objects.create(
        card=make_card(cents),
        status="paid",
        amount_cents=cents,
        captured_cents=cents,
        currency_code="USD",
        buyer_name="Otto Hahn",
        buyer_email="otto@example.com",
        **fields,
    )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("model", RECORDS)
def test_a_list_costs_the_same_whatever_it_shows(salon, cut, ann, desk, model, count, django_assert_num_queries):
    rows_of(book(salon, cut, at(salon)), count)
    client = desk("viewer")
    client.get(f"/admin/payments/{model}/")

    with django_assert_num_queries(6):
        answer = client.get(f"/admin/payments/{model}/")

    assert answer.status_code == 200


def test_who_sees_no_customers_sees_no_address_in_records(salon, desk):
    order, client = sold(cents=5000, recipient_email="gus@example.com", message="For you, Gus"), desk("viewer")
    customer = make_customer(email="zoe@example.com")
    card = SavedCard.objects.create(
        customer=customer, payment_method_id="pm_1", consented_at=timezone.now(), consent_address="203.0.113.9"
    )
    pages = [
        f"/admin/payments/{name}/{row.pk}/change/" for name, row in (("giftcardorder", order), ("savedcard", card))
    ]
    told = ("otto@example.com", "gus@example.com", "For you, Gus", "203.0.113.9")

    def seen():
        text = " ".join(client.get(path).text for path in pages)
        found = client.get("/admin/payments/savedcard/", {"q": "zoe@example.com"}).context["cl"].result_count
        return [word in text for word in told], found

    before = seen()
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    assert before == ([True] * 4, 1)
    assert seen() == ([False] * 4, 0)


@pytest.mark.parametrize("model", RECORDS)
def test_every_role_reads_a_record_and_none_edits_it(salon, cut, ann, desk, model):
    from django.apps import apps

    rows_of(book(salon, cut, at(salon)), 2)
    kind = apps.get_model("payments", model)
    before = list(kind.objects.order_by("pk").values())

    for role in Role.values:
        client = desk(role)
        for row in kind.objects.all():
            path = f"/admin/payments/{model}/{row.pk}/"
            assert client.get(f"{path}change/").status_code == 200
            assert client.post(f"{path}change/", {"amount_cents": "1"}).status_code == 403
            assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403

    assert list(kind.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("model", RECORDS)
def test_another_salons_records_are_not_there(salon, cut, ann, nora, client_for, member, model):
    from django.apps import apps

    rows_of(book(salon, cut, at(salon)), 1)
    row = apps.get_model("payments", model).objects.first()
    client = client_for(nora, member("owner", nora))

    assert client.get(f"/admin/payments/{model}/{row.pk}/change/").status_code == 404
    assert client.get(f"/admin/payments/{model}/").context["cl"].result_count == 0


def test_the_ledger_shows_which_way_money_went(salon, cut, ann, desk):
    rows_of(book(salon, cut, at(salon)), 2)

    text = desk().get("/admin/payments/ledgerentry/").text

    assert ("-$1.00" in text, "Given back to the card" in text, "Gift card $50.00" in text) == (True, True, True)


# The sale of a gift card -----------------------------------------------------------------------


@pytest.fixture
def order(salon, account):
    """Bought for 50.00, 20.00 of it spent."""
    made = account.stripe.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "confirm": True,
            "application_fee_amount": 50,
        }
    )
    order = sold(
        cents=5000,
        form_key="f",
        payment_intent_id=made.id,
        charge_id=made.latest_charge,
        application_fee_cents=50,
        stripe_account_id=account.id,
    )
    GiftCard.objects.filter(pk=order.card_id).update(balance_cents=3000)
    return order


def path_of(order):
    return f"/admin/payments/giftcardorder/{order.pk}/refund-sale/"


def test_a_sale_is_refunded_as_far_as_it_was_not_spent(order, account, desk):
    client = desk()
    asked = client.get(path_of(order))
    form = form_of(client, path_of(order), reason="Changed their mind")

    for _ in range(2):
        client.post(path_of(order), form)

    assert lines(asked)[0] == "$30.00 has not been spent and goes back to Otto Hahn, who is told by e-mail."
    assert [row for row in account.ledger() if row[0] == "refund"] == [("refund", 3000, 30)]
    assert said(client) == [("success", "$30.00 given back to Otto Hahn.")] * 2
    card = GiftCard.objects.get(pk=order.card_id)
    assert (card.balance_cents, card.is_active) == (0, False)


def test_staff_refund_no_sale(order, account, desk):
    client = desk("staff")

    assert (client.get(path_of(order)).status_code, client.post(path_of(order), {"key": str(uuid4())}).status_code) == (
        403,
        403,
    )
    assert "Refund the sale" not in client.get(f"/admin/payments/giftcardorder/{order.pk}/change/").text
    assert [row for row in account.ledger() if row[0] == "refund"] == []


def test_another_salon_refunds_no_sale_of_this_one(order, account, nora, client_for, member):
    client = client_for(nora, member("owner", nora))

    assert client.post(path_of(order), {"key": str(uuid4())}).status_code == 404
    assert [row for row in account.ledger() if row[0] == "refund"] == []


def test_a_sale_that_was_refunded_has_no_button(order, desk):
    GiftCardOrder.objects.update(status="refunded", refunded_cents=5000)
    client = desk()

    assert client.get(path_of(order))["Location"] == f"/admin/payments/giftcardorder/{order.pk}/change/"
    assert said(client) == [("warning", "There is nothing left to refund of this gift card.")]


@pytest.mark.parametrize(("role", "allowed"), [(Role.VIEWER, False), (Role.STAFF, True), (Role.ADMIN, True)])
def test_who_works_removes_a_kept_card_for_a_customer_who_asks(salon, desk, role, allowed):
    card = SavedCard.objects.create(
        customer=make_customer(), payment_method_id="pm_1", brand="visa", last4="4242", consented_at=timezone.now()
    )
    url, browser = f"/admin/payments/savedcard/{card.pk}/remove/", desk(role)

    page = browser.get(url)
    assert SavedCard.objects.get().removed_at is None
    browser.post(url, {"key": str(uuid4())})

    card.refresh_from_db()
    assert (page.status_code == 200, card.removed_at is not None) == (allowed, allowed)
    if allowed:
        assert "No new visit of Anna Berg can use Visa •••• 4242." in page.content.decode()
        browser.post(url, {"key": str(uuid4())})  # pressed twice: once is enough
        assert AuditEntry.objects.filter(action="card.removed").count() == 1


def test_a_kept_card_of_nobody_is_not_found(salon, desk):
    assert desk().get(f"/admin/payments/savedcard/{uuid4()}/remove/").status_code == 404
