"""Where Stripe sends somebody who has bought credits, or has not."""

from django.urls import reverse

from tenants import hosts


def purchase_urls():
    """`success_url` and `cancel_url` of a purchase, as `services.start_purchase` takes them."""
    page = hosts.platform_url() + reverse("credits:page", urlconf="config.urls_platform")
    return {"success_url": page + "{PURCHASE_ID}/", "cancel_url": page}
