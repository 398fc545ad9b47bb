"""A bank takes a payment back: the ledger follows the money, the refund button waits for the decision."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings.tests.factories import at
from giftcards.tests.making import make_offer
from messaging.models import Notice
from payments import services
from payments.models import Dispute, LedgerEntry, Payment
from payments.services import events, orders
from payments.tests.local_stripe import pay_on_stripes_page
from payments.tests.making import book


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def paid(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account)
    services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())
    return booking


@pytest.fixture
def disputed(salon, paid, local_stripe):
    """The dispute as Stripe's event names it, heard twice."""
    made = local_stripe.control("/disputes", charge=Payment.objects.get().provider_charge_id, reason="fraudulent")
    for kind in ("charge.dispute.created", "charge.dispute.funds_withdrawn"):
        events.handle(business=salon, kind=kind, data=made)
    return made


def ledger():
    return list(LedgerEntry.objects.order_by("id").values_list("kind", "amount_cents"))


def test_a_dispute_takes_the_money_and_freezes_the_refund(salon, paid, disputed, by):
    assert (Payment.objects.get().status, ledger()) == ("disputed", [("capture", 5000), ("dispute", 5000)])
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.reason, dispute.evidence_due_at is not None) == ("open", "fraudulent", True)
    assert AuditEntry.objects.filter(action="payment.dispute_open").count() == 1
    with pytest.raises(services.Disputed):
        services.refund(business=salon, booking=paid, key="back", by=by, now=timezone.now())


@pytest.mark.parametrize(
    ("outcome", "movements"),
    [("won", [("capture", 5000), ("dispute", 5000), ("dispute_won", 5000)]), ("lost", [("capture", 5000), ("dispute", 5000)])],
)  # fmt: skip
def test_the_bank_decides(salon, paid, disputed, local_stripe, outcome, movements):
    closed = local_stripe.control(f"/disputes/{disputed['id']}/close", status=outcome)

    for kind in ("charge.dispute.closed", "charge.dispute.funds_reinstated", "charge.dispute.created"):
        events.handle(business=salon, kind=kind, data=closed)

    assert (Payment.objects.get().status, ledger()) == (outcome, movements)
    assert Dispute.objects.get().closed_at is not None


@pytest.mark.parametrize(("outcome", "said"), [("won", "the money is yours"), ("lost", "the money went back to them")])
def test_the_team_is_told_that_the_bank_asks_and_what_it_decides(
    salon, paid, disputed, local_stripe, owner, admin, outcome, said
):
    closed = local_stripe.control(f"/disputes/{disputed['id']}/close", status=outcome)
    for kind in ("charge.dispute.closed", "charge.dispute.created"):
        events.handle(business=salon, kind=kind, data=closed)

    notices = Notice.objects.filter(event="payment_stopped", about_id=paid.pk).order_by("at")
    words = [
        "The bank of Anna Berg asks about the payment for Cut. Answer it in time.",
        f"The bank of Anna Berg has decided about the payment for Cut: {said}.",
    ]
    assert {
        reader.pk: list(notices.filter(reader_id=reader.pk).values_list("words", flat=True))
        for reader in (owner, admin)
    } == {
        owner.pk: words,
        admin.pk: words,
    }


def test_a_dispute_of_another_account_is_left_alone(salon, paid, disputed, other_salon, local_stripe):
    other_salon.billing.stripe_account_id = local_stripe.new_account().id
    other_salon.billing.save()

    with tenant_context(other_salon):
        from payments import gateway

        with pytest.raises(gateway.GatewayError):
            events.handle(business=other_salon, kind="charge.dispute.created", data=disputed)
        assert (Dispute.objects.count(), LedgerEntry.objects.count()) == (0, 0)


def sell(salon, package=None):
    salon.sell_gift_cards = True
    wish = orders.Wish(amount_cents=20_000, buyer_name="Otto Hahn", buyer_email="otto@example.com")
    if package:
        sale = orders.place_package(business=salon, package=package, wish=wish, form_key="form", seen=package.version)
    else:
        sale = orders.place(business=salon, wish=wish, form_key="form")
    back = "https://a.example"
    pay_on_stripes_page(orders.payment_page(order=sale, success_url=back, cancel_url=back))
    sale.refresh_from_db()
    return orders.fulfil(order=sale, business=salon, now=timezone.now())


@pytest.mark.parametrize(("is_package", "bought"), [(False, "a gift card"), (True, "the package 5 × Cut")])
def test_the_team_is_told_of_a_disputed_sale_and_led_to_it(
    salon, cut, ann, account, local_stripe, owner, client_for, other_salon, is_package, bought
):
    sale = sell(salon, make_offer(cut) if is_package else None)
    made = local_stripe.control("/disputes", charge=sale.charge_id, reason="fraudulent")
    events.handle(business=salon, kind="charge.dispute.created", data=made)
    asked = client_for(salon, owner).post(f"/dashboard/notices/{Notice.objects.get(reader_id=owner.pk).pk}/open/")
    page = client_for(salon, owner).get(asked["Location"])
    closed = local_stripe.control(f"/disputes/{made['id']}/close", status="won")
    for kind in ("charge.dispute.closed", "charge.dispute.updated"):
        events.handle(business=salon, kind=kind, data=closed)

    told = Notice.objects.filter(reader_id=owner.pk).order_by("at")
    assert list(told.values_list("event", "about_id", "words")) == [
        (
            "sale_disputed",
            sale.pk,
            f"The bank of Otto Hahn asks about the payment for {bought}. Answer it in time, in your Stripe account.",
        ),
        (
            "sale_disputed",
            sale.pk,
            f"The bank of Otto Hahn has decided about the payment for {bought}: the money is yours.",
        ),
    ]
    assert asked["Location"] == f"/admin/payments/giftcardorder/{sale.pk}/change/"
    assert "To answer: $200.00, until" in page.content.decode()
    with tenant_context(other_salon):
        assert not Notice.objects.exists()
