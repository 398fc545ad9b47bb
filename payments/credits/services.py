"""Credits: given at sign-up, bought in packs, spent and given back. Each change has its entry, once per cause.

A purchase is believed when Stripe, asked again, says that the money is there; whoever asks first adds the credits.
"""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from payments import gateway
from payments.credits.models import CreditEntry, CreditEntryKind, CreditPurchase, Profile, PurchaseStatus
from tenants.errors import DomainError
from tenants.money import Money

logger = structlog.get_logger("tithi.credits")

ALLOWED = {
    PurchaseStatus.CREATED: {PurchaseStatus.PAID, PurchaseStatus.FAILED, PurchaseStatus.EXPIRED},
    PurchaseStatus.FAILED: {PurchaseStatus.PAID},
    PurchaseStatus.EXPIRED: {PurchaseStatus.PAID},  # a late event said so, and Stripe says that it has the money
    PurchaseStatus.PAID: set(),
}


class NoProfile(DomainError):
    code = "no_profile"
    status = 404
    message = "There is no profile yet."


class NotEnoughCredits(DomainError):
    code = "not_enough_credits"
    status = 402
    message = "There are not enough credits for this."


class ReferenceTaken(DomainError):
    code = "reference_taken"
    status = 422
    message = "This reference was used for something else."


class NothingSpent(DomainError):
    code = "nothing_spent"
    status = 404
    message = "Nothing was spent under this reference."


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


# Profiles ----------------------------------------------------------------------------------------


@transaction.atomic
def get_or_create_profile(*, user, full_name, now):
    """The person's profile, made with the credits everybody starts with: (Profile, whether it is new)."""
    profile, made = Profile.objects.get_or_create(user=user, defaults={"full_name": full_name or user.get_full_name()})
    if made:
        _book(profile, CreditEntryKind.SIGNUP, settings.CREDITS_AT_SIGNUP, str(user.pk), now)
        profile.refresh_from_db()
    return profile, made


def update_profile(*, user, full_name):
    """Raises NoProfile."""
    profile = profile_of(user)
    profile.full_name = full_name
    profile.save(update_fields=["full_name", "updated_at"])
    return profile


def profile_of(user):
    """Raises NoProfile."""
    profile = Profile.objects.filter(user=user).first()
    if profile is None:
        raise NoProfile
    return profile


# Spending ----------------------------------------------------------------------------------------


@transaction.atomic
def spend(*, user, amount, reference, now, note=""):
    """Take credits for what `reference` names, once, however often it is asked; returns the CreditEntry.

    Raises NoProfile, NotEnoughCredits, ReferenceTaken. Nothing is written then.
    """
    if amount <= 0:
        raise ValueError("only a positive amount can be spent")
    profile = _locked(user)
    return _once(profile, CreditEntryKind.SPEND, -amount, reference, now, note)


@transaction.atomic
def give_back(*, user, reference, now, note=""):
    """Return what was spent under a reference, once; returns the CreditEntry. Raises NoProfile, NothingSpent."""
    profile = _locked(user)
    spent = profile.entries.filter(kind=CreditEntryKind.SPEND, reference=reference).first()
    if spent is None:
        raise NothingSpent
    return _once(profile, CreditEntryKind.RETURN, -spent.amount_signed, reference, now, note)


def _locked(user):
    profile = Profile.objects.select_for_update().filter(user=user).first()
    if profile is None:
        raise NoProfile
    return profile


def _once(profile, kind, amount, reference, now, note=""):
    earlier = CreditEntry.objects.filter(kind=kind, reference=reference).first()
    if earlier is None:
        return _book(profile, kind, amount, reference, now, note)
    if (earlier.profile_id, earlier.amount_signed) != (profile.pk, amount):
        raise ReferenceTaken
    return earlier


def _book(profile, kind, amount, reference, now, note=""):
    """The only writer of a balance: one guarded statement, and the entry that explains it. Raises as `spend` does."""
    try:
        with transaction.atomic():
            enough = Profile.objects.filter(pk=profile.pk, credits__gte=-amount)
            if not enough.update(credits=F("credits") + amount, updated_at=now):
                raise NotEnoughCredits
            return CreditEntry.objects.create(
                profile=profile,
                kind=kind,
                amount_signed=amount,
                balance_after=Profile.objects.values_list("credits", flat=True).get(pk=profile.pk),
                reference=reference,
                note=note[:200],
                at=now,
            )
    except IntegrityError as exc:  # somebody else used the reference this very moment
        if exc.__cause__.diag.constraint_name == "one_credit_entry_per_cause":
            raise ReferenceTaken from exc
        raise


# Buying ------------------------------------------------------------------------------------------


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
        _book(purchase.profile, CreditEntryKind.PURCHASE, purchase.credits, str(purchase.pk), now)
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
