"""Profile and credits of a signed-in person, on the platform's host."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from payments.credits import queries, services
from payments.credits.models import CreditEntry, Profile
from payments.credits.pages import purchase_urls
from tenants import limits
from tenants.addresses import client_address
from tenants.api.auth_serializers import MembershipOut, UserOut
from tenants.api.endpoints import endpoint, open_endpoint, read
from tenants.api.examples import example
from tenants.api.serializers import Problem, StrictSerializer
from tenants.models import Membership
from tenants.money import Money

CHECKOUTS = limits.Limit("credit-checkouts", times=20, seconds=60 * 60, everywhere=True)


@example("Another name", full_name="Rosa Sander")
class ProfileIn(StrictSerializer):
    full_name = serializers.CharField(max_length=160, allow_blank=True)


@example("With a name", full_name="Rosa Sander")
class NewProfileIn(StrictSerializer):
    full_name = serializers.CharField(max_length=160, allow_blank=True, required=False, default="")


@example("The smallest pack", pack="small")
class CheckoutIn(StrictSerializer):
    pack = serializers.CharField(max_length=20)


class ProfileOut(serializers.ModelSerializer):
    id = serializers.UUIDField(source="user_id")
    stripe_customer_id = serializers.SerializerMethodField()

    class Meta:
        model = Profile
        fields = ("id", "full_name", "credits", "stripe_customer_id", "created_at", "updated_at")

    def get_stripe_customer_id(self, profile) -> str | None:
        return profile.stripe_customer_id or None


class EntryOut(serializers.ModelSerializer):
    amount = serializers.IntegerField(source="amount_signed")

    class Meta:
        model = CreditEntry
        fields = ("kind", "amount", "balance_after", "reference", "note", "at")


class SalonOut(MembershipOut):
    """A salon the person belongs to; what it pays is for its owner."""

    status = serializers.CharField(source="business.status")
    url = serializers.CharField(source="business.url")

    class Meta:
        model = Membership
        fields = (*MembershipOut.Meta.fields, "status", "url")


class PackOut(serializers.Serializer):
    name = serializers.CharField()
    credits = serializers.IntegerField()
    price_cents = serializers.IntegerField(source="price.cents")
    currency_code = serializers.CharField(source="price.currency")


class CheckoutOut(serializers.Serializer):
    purchase_id = serializers.UUIDField()
    checkout_url = serializers.CharField()
    credits = serializers.IntegerField()
    amount_cents = serializers.IntegerField()
    currency_code = serializers.CharField()


@extend_schema(methods=["GET"], request=None, responses={200: ProfileOut, 404: Problem})
@extend_schema(methods=["POST"], request=NewProfileIn, responses={200: ProfileOut, 201: ProfileOut, 400: Problem})
@extend_schema(methods=["PUT"], request=ProfileIn, responses={200: ProfileOut, 400: Problem, 404: Problem})
@endpoint("GET", "POST", "PUT", permission=IsAuthenticated)
def profile(request):
    """The person's profile: read, made with the credits everybody starts with, or changed."""
    if request.method == "POST":
        wanted = read(NewProfileIn, request)
        found, made = services.get_or_create_profile(user=request.user, now=timezone.now(), **wanted)
        return Response(ProfileOut(found).data, status=201 if made else 200)
    if request.method == "PUT":
        found = services.update_profile(user=request.user, **read(ProfileIn, request))
    else:
        found = services.profile_of(request.user)
    return Response(ProfileOut(found).data)


@extend_schema(request=CheckoutIn, responses={201: CheckoutOut, 400: Problem, 404: Problem, 429: Problem, 503: Problem})
@endpoint("POST", permission=IsAuthenticated)
def checkout(request):
    """The way to Stripe's page for a pack of credits. They are added when it is paid."""
    pack = read(CheckoutIn, request)["pack"]
    limits.take(CHECKOUTS, str(request.user.pk), address=client_address(request))
    purchase, url = services.start_purchase(user=request.user, pack=pack, **purchase_urls())
    body = {
        "purchase_id": purchase.pk,
        "checkout_url": url,
        "credits": purchase.credits,
        "amount_cents": purchase.amount_cents,
        "currency_code": purchase.currency_code,
    }
    return Response(CheckoutOut(body).data, status=201)


@extend_schema(responses={200: dict})
@endpoint("GET", permission=IsAuthenticated)
def dashboard(request):
    """The person, the profile if there is one, the salons, and the latest changes of the balance."""
    found = Profile.objects.filter(user=request.user).first()
    return Response(
        {
            "user": UserOut(request.user, context={"request": request}).data,
            "profile": ProfileOut(found).data if found else None,
            "salons": SalonOut(queries.memberships(request.user), many=True).data,
            "recent_entries": EntryOut(queries.recent_entries(request.user), many=True).data,
        }
    )


@extend_schema(responses={200: dict})
@open_endpoint("GET", login=True)
def public_data(request):
    """What anybody may know: what Tithi is and costs. Signed in, also who is asking."""
    user = request.user if request.user.is_authenticated else None
    price = Money(settings.SUBSCRIPTION_PRICE_CENTS, "USD")
    return Response(
        {
            "message": "Tithi, booking for salons.",
            "price": {"amount_cents": price.cents, "currency_code": price.currency, "per": "month and location"},
            "credits": {"at_signup": settings.CREDITS_AT_SIGNUP, "packs": PackOut(services.packs(), many=True).data},
            "authenticated": user is not None,
            "user": {"id": str(user.pk), "email": user.email} if user else None,
        }
    )
