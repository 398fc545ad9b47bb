"""Which foreign addresses the checkout page, and no other, may talk to."""

from urllib.parse import urlsplit

from django.conf import settings

STRIPE = "https://js.stripe.com"


def origin(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def checkout_policy():
    """What the card needs beyond the site's content security policy; with the local Stripe, one origin is all of it."""
    script = origin(settings.STRIPE_JS_URL)
    if script == STRIPE:
        api, hosted, frames = (
            origin(settings.STRIPE_API_BASE),
            "https://checkout.stripe.com",
            [script, "https://hooks.stripe.com"],
        )
    else:
        api, hosted, frames = origin(settings.STRIPE_API_BASE), script, [script]
    # A form's redirect counts as its action: the hosted card page is reached that way.
    return {
        "script-src": [script],
        "frame-src": frames,
        "connect-src": sorted({script, api}) if script != STRIPE else [api],
        "form-action": [hosted],
    }


def hosted_policy():
    """Where a form of the owner's pages may lead: Stripe's onboarding, checkout and billing portal."""
    if origin(settings.STRIPE_JS_URL) == STRIPE:
        return {"form-action": [f"https://{page}.stripe.com" for page in ("connect", "checkout", "billing")]}
    return {"form-action": sorted({origin(settings.STRIPE_JS_URL), origin(settings.STRIPE_API_BASE)})}
