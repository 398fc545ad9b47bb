"""Steps 11 and 12 for programs."""

from django.urls import reverse
from rest_framework import serializers

from onboarding import services
from onboarding.api.frame import SkippableIn, StepIn, step
from tenants import hosts
from tenants.api.examples import example


@example("Back to a page of yours", return_url="https://app.example.com/stripe/done")
class PaymentsIn(SkippableIn):
    """Where Stripe sends the owner when done, and when its address had run out; by default back to the wizard."""

    return_url = serializers.URLField(max_length=500, required=False)
    refresh_url = serializers.URLField(max_length=500, required=False)


@example("To be found in the directory, too", list_in_directory=True)
class GoLiveIn(StepIn):
    list_in_directory = serializers.BooleanField(required=False)


@step(11, PaymentsIn)
def payment_setup(at, *, return_url=None, refresh_url=None):
    """The way to Stripe's pages for the salon's account. The plan's free trial begins when the page opens."""
    here = hosts.platform_url() + reverse("onboarding:payments", query={"salon": at.progress.pk})
    url = services.start_payments(
        return_url=return_url or f"{here}&back=1", refresh_url=refresh_url or f"{here}&refresh=1", **at.told
    )
    at.business.billing.refresh_from_db()
    return {"account_link_url": url, "subscription_status": at.business.billing.subscription_status}


@step(12, GoLiveIn)
def go_live(at, *, list_in_directory=None):
    """Open the booking page; 409 with `blockers` while something is missing."""
    services.go_live(in_directory=list_in_directory, **at.told)
    return {"booking_url": at.business.url, "status": at.business.status}
