"""The salon's plan, for its owner's programs, on the salon's host."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from audit import actors
from payments import owners
from payments.subscriptions import services, words
from tenants.addresses import client_address
from tenants.api.endpoints import endpoint, read
from tenants.api.examples import example
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem, StrictSerializer
from tenants.models import TenantBilling
from tenants.money import Money
from tenants.permissions import Permission

OWNER = needs(Permission.OWN)


@example(
    "Back to pages of yours",
    success_url="https://app.example.com/plan/done",
    cancel_url="https://app.example.com/plan",
)
class WhereTo(StrictSerializer):
    """Where Stripe's page sends the owner afterwards; by default to the billing page."""

    success_url = serializers.URLField(max_length=2000, required=False)
    cancel_url = serializers.URLField(max_length=2000, required=False)


class CheckoutIn(WhereTo):
    activate = serializers.BooleanField(default=False, help_text="Pay with the card as soon as it is saved.")


@example("At the end of what is paid", at_period_end=True)
class CancelIn(StrictSerializer):
    at_period_end = serializers.BooleanField(default=True, help_text="Else at once, which has to be confirmed.")
    confirm = serializers.BooleanField(default=False)


class PlanOut(serializers.ModelSerializer):
    """The plan. Instants are UTC; `message` says it in words, `cancel_warning` what calling it off means."""

    status = serializers.CharField(source="subscription_status")
    next_billing_date = serializers.DateTimeField(source="next_billing_at", allow_null=True)
    price_cents = serializers.IntegerField(source="subscription_price_cents")
    currency_code = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField()
    subscription_id = serializers.SerializerMethodField()
    card = serializers.SerializerMethodField()
    pause_reason = serializers.SerializerMethodField()
    message = serializers.SerializerMethodField()
    cancel_warning = serializers.SerializerMethodField()

    class Meta:
        model = TenantBilling
        fields = (
            "status",
            "next_billing_date",
            "price",
            "price_cents",
            "currency_code",
            "subscription_id",
            "trial_ends_at",
            "grace_ends_at",
            "paused_at",
            "pause_reason",
            "cancel_at",
            "canceled_at",
            "card",
            "connect_status",
            "charges_enabled",
            "message",
            "cancel_warning",
        )

    def get_currency_code(self, billing) -> str:
        return "USD"

    def get_price(self, billing) -> str:
        return str(Money(billing.subscription_price_cents, "USD"))

    def get_subscription_id(self, billing) -> str | None:
        return billing.subscription_id or None

    def get_card(self, billing) -> str | None:
        return billing.card_label or None

    def get_pause_reason(self, billing) -> str | None:
        return billing.pause_reason or None

    def get_message(self, billing) -> str:
        return words.sentence(billing, self.context["request"].tenant.zone)

    def get_cancel_warning(self, billing) -> str:
        return words.CANCEL_WARNING


class PageOut(serializers.Serializer):
    session_id = serializers.CharField()
    checkout_url = serializers.CharField()


ANSWERS = {200: PlanOut, 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem}


def shown(request, billing, status=200, **more):
    return Response(PlanOut(billing, context={"request": request}).data | more, status=status)


def press(request):
    """What every verb is told."""
    return {
        "business": request.tenant,
        "by": actors.user(request.user, client_address(request)),
        "now": timezone.now(),
    }


@extend_schema(responses={200: PlanOut, 403: Problem, 404: Problem})
@endpoint("GET", permission=OWNER)
def plan(request):
    return shown(request, TenantBilling.objects.get(business=request.tenant))


@extend_schema(request=WhereTo, responses=ANSWERS | {202: PlanOut, 402: Problem})
@endpoint("POST", permission=OWNER)
def activate(request):
    """Pay from now on. Without a card the refusal names, as `checkout_url`, the page where one is left; a bank that
    wants its owner's word makes it 202 with a `pay_url`."""
    asked = read(WhereTo, request)
    try:
        outcome = services.activate(**press(request))
    except services.CardNeeded as exc:
        page = _card_page(request, asked, activate=True)
        raise services.CardNeeded(checkout_url=page.url) from exc
    if outcome.pay_url:
        return shown(request, outcome.billing, status=202, pay_url=outcome.pay_url)
    return shown(request, outcome.billing)


@extend_schema(request=Nothing, responses=ANSWERS)
@endpoint("POST", permission=OWNER)
def pause(request):
    """Bill nothing for a while; the booking site stays open."""
    read(Nothing, request)
    return shown(request, services.pause(**press(request)))


@extend_schema(request=Nothing, responses=ANSWERS)
@endpoint("POST", permission=OWNER)
def resume(request):
    """Bill again after a pause, or keep a plan that was called off."""
    read(Nothing, request)
    services.keep(**press(request))
    return shown(request, services.resume(**press(request)))


@extend_schema(request=CancelIn, responses=ANSWERS)
@endpoint("POST", permission=OWNER)
def cancel(request):
    """Call the plan off, at the end of what is paid for; until then it can be kept. See `cancel_warning`."""
    asked = read(CancelIn, request)
    how = {"at_period_end": asked["at_period_end"], "confirmed": asked["confirm"]}
    return shown(request, services.cancel(**press(request), **how))


@extend_schema(request=Nothing, responses=ANSWERS | {201: PlanOut})
@endpoint("POST", permission=OWNER)
def create(request):
    """Begin the plan with its free trial; 201 the first time."""
    read(Nothing, request)
    begun = bool(TenantBilling.objects.get(business=request.tenant).subscription_id)
    return shown(request, services.start_trial(**press(request)), status=200 if begun else 201)


@extend_schema(request=CheckoutIn, responses={201: PageOut, 400: Problem, 403: Problem, 404: Problem, 503: Problem})
@endpoint("POST", permission=OWNER)
def checkout(request):
    """A page of Stripe's where the card for the plan is left."""
    asked = read(CheckoutIn, request)
    page = _card_page(request, asked, activate=asked["activate"])
    return Response({"session_id": page.id, "checkout_url": page.url}, status=201)


def _card_page(request, asked, *, activate):
    business = request.tenant
    return services.open_card_page(
        business=business,
        success_url=asked.get("success_url") or owners.card_url(business),
        cancel_url=asked.get("cancel_url") or owners.billing_url(business),
        activate=activate,
    )
