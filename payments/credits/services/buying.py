"""Packs of credits, bought on Stripe's page.

A purchase is believed when Stripe, asked again, says that the money is there; whoever asks first adds the credits.
"""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction

from payments import gateway
from payments.credits.models import CreditEntryKind, CreditPurchase, Profile, PurchaseStatus
from payments.credits.services.balance import book, profile_of
from tenants.errors import DomainError
from tenants.money import Money

logger = structlog.get_logger("tithi.credits")

ALLOWED = {
    PurchaseStatus.CREATED: {PurchaseStatus.PAID, PurchaseStatus.FAILED, PurchaseStatus.EXPIRED},
    PurchaseStatus.FAILED: {PurchaseStatus.PAID},
    PurchaseStatus.EXPIRED: {PurchaseStatus.PAID},  # a late event said so, and Stripe says that it has the money
    PurchaseStatus.PAID: set(),
}


class UnknownPack(DomainError):
    code = "unknown_pack"
    status = 400
    message = "There is no such pack of credits."


class CheckoutUnavailable(DomainError):
    code = "stripe_unavailable"
    status = 503
    message = "We could not reach the payment service. Nothing was charged; please try again in a moment."


@dataclass(frozen=True, slots=True)
class Pack:
    """So many credits for so much money."""

    name: str
    credits: int
    price: Money


def packs():
    """What can be bought, smallest first."""
    return [Pack(name, credits, Money(cents, "USD")) for name, (credits, cents) in settings.CREDIT_PACKS.items()]


def start_purchase(*, user, pack, success_url, cancel_url):
    """Open Stripe's page for a pack: (CreditPurchase, its address). Nothing is added before it is paid.

    `success_url` may contain `{PURCHASE_ID}`. Raises UnknownPack, NoProfile, CheckoutUnavailable.
    """
    wanted = next((each for each in packs() if each.name == pack), None)
    if wanted is None:
        raise UnknownPack
    profile = profile_of(user)
    purchase = CreditPurchase.objects.create(
        profile=profile,
        pack=wanted.name,
        credits=wanted.credits,
        amount_cents=wanted.price.cents,
        currency_code=wanted.price.currency,
    )
    try:
        page = gateway.create_payment_page(
            amount=wanted.price,
            label=f"{wanted.credits:,} credits",
            success_url=success_url.replace("{PURCHASE_ID}", str(purchase.pk)),
            cancel_url=cancel_url,
            metadata={"credit_purchase": str(purchase.pk)},
            customer_id=_customer_of(profile, user),
            key=f"credits-{purchase.pk}",
        )
    except gateway.GatewayError as exc:
        raise CheckoutUnavailable from exc
    CreditPurchase.objects.filter(pk=purchase.pk).update(checkout_session_id=page.id)
    return purchase, page.url


def _customer_of(profile, user):
    """The person's customer on the platform's account. Of two made at once one counts; the other moves nothing."""
    if not profile.stripe_customer_id:
        customer_id = gateway.create_customer(
            account="",
            name=profile.full_name,
            email=user.email,
            metadata={"credit_profile": str(profile.pk)},
            key=None,
        )
        Profile.objects.filter(pk=profile.pk, stripe_customer_id="").update(stripe_customer_id=customer_id)
        profile.refresh_from_db()
    return profile.stripe_customer_id


def settle(*, purchase_id, page_id="", now):
    """Ask Stripe what became of a purchase, and add its credits if the money is there; returns the CreditPurchase.

    Safe in any order and number. `page_id` is what an event names; it counts when Stripe says it was made for this
    purchase. Returns None for a purchase we do not know. Raises gateway.GatewayError.
    """
    purchase = CreditPurchase.objects.filter(pk=purchase_id).first()
    page_id = page_id or (purchase and purchase.checkout_session_id)
    if purchase is None or not page_id or purchase.status == PurchaseStatus.PAID:
        return purchase
    page = gateway.retrieve_payment_page(page_id=page_id)
    if page.metadata.get("credit_purchase") != str(purchase.pk) or page.amount != purchase.amount:
        logger.error("credit_purchase_mismatch", purchase_id=str(purchase.pk), page_id=page.id)
        return purchase
    if page.paid:
        return _credit(purchase, page, now)
    if page.status == "expired":
        _move(purchase, PurchaseStatus.EXPIRED)
    purchase.refresh_from_db()
    return purchase


@transaction.atomic
def _credit(purchase, page, now):
    paid = {
        "paid_at": now,
        "checkout_session_id": page.id,
        "payment_intent_id": page.payment_intent_id,
        "invoice_id": page.invoice_id,
    }
    if _move(purchase, PurchaseStatus.PAID, **paid):
        book(purchase.profile, CreditEntryKind.PURCHASE, purchase.credits, str(purchase.pk), now)
    purchase.refresh_from_db()
    return purchase


def note_failure(*, purchase_id):
    """A payment for it was declined; it may still be paid with another card."""
    purchase = CreditPurchase.objects.filter(pk=purchase_id).first()
    if purchase:
        _move(purchase, PurchaseStatus.FAILED)


def _move(purchase, to, **fields):
    """The only writer of a purchase's status: compare-and-set. Whether it moved."""
    able = [status for status, targets in ALLOWED.items() if to in targets]
    return CreditPurchase.objects.filter(pk=purchase.pk, status__in=able).update(status=to, **fields)
