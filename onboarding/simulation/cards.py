"""What Stripe's script does in a customer's browser, done with the local Stripe. With the real one nobody's card is made up."""

from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings

from onboarding.demo.stripe import stripe_is_local
from payments import services as payments

CARD = "pm_card_visa"


def can_be_saved(business):
    """Whether guests of this salon leave cards: its account can charge, and the Stripe it is at is the local one."""
    return business.billing.charges_enabled and stripe_is_local()


def save(*, business, booking):
    """Save a card for a pending booking; returns the id of the SetupIntent that has succeeded."""
    setup, intent = payments.prepare_card(business=business, booking=booking)
    told = {"payment_method": CARD, "client_secret": intent.client_secret}
    key = settings.STRIPE_PUBLISHABLE_KEY or "pk_test_local"
    request = Request(  # noqa: S310 -- a loopback address: `can_be_saved`
        f"{settings.STRIPE_API_BASE}/v1/setup_intents/{intent.id}/confirm",
        data=urlencode(told).encode(),
        headers={"Authorization": f"Bearer {key}", "Stripe-Account": setup.stripe_account_id},
        method="POST",
    )
    with urlopen(request, timeout=10) as answer:  # noqa: S310 -- as above
        answer.read()
    return intent.id
