"""Packs of credits, bought on Stripe's page.

A purchase is believed when Stripe, asked again, says that the money is there; whoever asks first adds the credits.
"""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from payments import gateway
from payments.credits.models import CreditEntryKind, CreditPurchase, Profile, PurchaseStatus
from payments.credits.services.balance import book, profile_of
from tenants.errors import DomainError
from tenants.money import Money

logger = structlog.get_logger("tithi.credits")

ALLOWED = {
    PurchaseStatus.CREATED: {PurchaseStatus.PAID, PurchaseStatus.FAILED, PurchaseStatus.EXPIRED},
    PurchaseStatus.FAILED: {PurchaseStatus.PAID, PurchaseStatus.EXPIRED},
    PurchaseStatus.EXPIRED: {PurchaseStatus.PAID},  # a late event said so, and Stripe says that it has the money
    PurchaseStatus.PAID: set(),
}


class InvoiceUnavailable(DomainError):
    code = "invoice_unavailable"
    status = 503
    message = "The invoice cannot be shown right now; please try again in a moment."


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
            with_invoice=True,
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


def settle(*, purchase_id, page_id="", invoice_id="", now):
    """Ask Stripe what became of a purchase, and add its credits if the money is there; returns the CreditPurchase.

    Safe in any order and number. `page_id` or `invoice_id` is what an event names; it counts when Stripe says it was made
    for this purchase. Returns None for a purchase we do not know. Raises gateway.GatewayError.
    """
    purchase = CreditPurchase.objects.filter(pk=purchase_id).first()
    if purchase is None or _is_all_known(purchase):
        return purchase
    found, ids = _ask(purchase, page_id, invoice_id)
    if found is None:
        return purchase
    if found.metadata.get("credit_purchase") != str(purchase.pk) or found.amount != purchase.amount:
        logger.error("credit_purchase_mismatch", purchase_id=str(purchase.pk), stripe_id=found.id)
        return purchase
    if found.paid:
        return _credit(purchase, ids, now)
    if found.status == "expired":
        _move(purchase, PurchaseStatus.EXPIRED)
    purchase.refresh_from_db()
    return purchase


def _is_all_known(purchase):
    return purchase.status == PurchaseStatus.PAID and purchase.checkout_session_id and purchase.invoice_id


def _ask(purchase, page_id, invoice_id):
    """Stripe's invoice or page for it, and the ids it tells us; (None, {}) where we know of neither."""
    if invoice_id:
        invoice = gateway.retrieve_invoice(invoice_id=invoice_id)
        return invoice, {"invoice_id": invoice.id, "payment_intent_id": invoice.payment_intent_id}
    page_id = page_id or purchase.checkout_session_id
    if not page_id:
        return None, {}
    page = gateway.retrieve_payment_page(page_id=page_id)
    ids = {"invoice_id": page.invoice_id, "payment_intent_id": page.payment_intent_id}
    return page, ids | {"checkout_session_id": page.id}


@transaction.atomic
def _credit(purchase, ids, now):
    ids = {name: value for name, value in ids.items() if value}
    if _move(purchase, PurchaseStatus.PAID, paid_at=now, **ids):
        book(purchase.profile, CreditEntryKind.PURCHASE, purchase.credits, str(purchase.pk), now)
    else:
        _learn(purchase, ids)
    purchase.refresh_from_db()
    return purchase


def _learn(purchase, ids):
    """Ids that whoever credited it was not told: the page may not name its invoice yet, an invoice never names its page."""
    payment_ids = ["", ids.get("payment_intent_id", "")]
    same = CreditPurchase.objects.filter(pk=purchase.pk, payment_intent_id__in=payment_ids)
    for name, value in ids.items():
        same.filter(Q(**{name: ""}) | Q(**{f"{name}__isnull": True})).update(**{name: value})


def invoice_url(*, purchase):
    """Stripe's page of a purchase's invoice; asked for each time, for its address lives only so long.

    Raises InvoiceUnavailable.
    """
    try:
        url = gateway.retrieve_invoice(invoice_id=purchase.invoice_id).url
    except gateway.GatewayError as exc:
        raise InvoiceUnavailable from exc
    if not url:
        raise InvoiceUnavailable
    return url


def note_failure(*, purchase_id):
    """A payment for it was declined; it may still be paid with another card."""
    purchase = CreditPurchase.objects.filter(pk=purchase_id).first()
    if purchase:
        _move(purchase, PurchaseStatus.FAILED)


def _move(purchase, to, **fields):
    """The only writer of a purchase's status: compare-and-set. Whether it moved."""
    able = [status for status, targets in ALLOWED.items() if to in targets]
    return CreditPurchase.objects.filter(pk=purchase.pk, status__in=able).update(status=to, **fields)
