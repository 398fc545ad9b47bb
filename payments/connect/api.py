"""Connecting the salon with Stripe, for its owner's programs."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from audit import actors
from payments import owners
from payments.connect import services
from tenants.addresses import client_address
from tenants.api.endpoints import endpoint, read
from tenants.api.examples import example
from tenants.api.permissions import needs
from tenants.api.serializers import Problem, StrictSerializer
from tenants.permissions import Permission


@example("Back to a page of yours", return_url="https://app.example.com/stripe/done")
class SetupIn(StrictSerializer):
    return_url = serializers.URLField(max_length=2000, required=False, help_text="Where Stripe sends the owner after.")
    refresh_url = serializers.URLField(max_length=2000, required=False, help_text="… and when the address has run out.")


class SetupOut(serializers.Serializer):
    account_link_url = serializers.CharField(source="url")
    stripe_account_id = serializers.CharField(source="billing.stripe_account_id")
    connect_status = serializers.CharField(source="billing.connect_status")
    charges_enabled = serializers.BooleanField(source="billing.charges_enabled")
    details_submitted = serializers.BooleanField(source="billing.details_submitted")
    subscription_status = serializers.CharField(source="billing.subscription_status")


@extend_schema(
    request=SetupIn, responses={200: SetupOut, 400: Problem, 403: Problem, 404: Problem, 422: Problem, 503: Problem}
)
@endpoint("POST", permission=needs(Permission.OWN))
def setup(request):
    """The way to Stripe's pages for the salon's own account, which is made on the first call."""
    asked, business = read(SetupIn, request), request.tenant
    found = services.start_onboarding(
        business=business,
        return_url=asked.get("return_url") or owners.connect_url(business, "return"),
        refresh_url=asked.get("refresh_url") or owners.connect_url(business, "refresh"),
        by=actors.user(request.user, client_address(request)),
        now=timezone.now(),
    )
    return Response(SetupOut(found).data)
