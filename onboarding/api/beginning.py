"""Steps 1 to 3 for programs, and how far a salon is."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from bookings.api.settings_asked import COUNTRIES, Country, Currency, Zone
from bookings.services import zones
from onboarding import queries, services
from onboarding.api.frame import At, StepIn, StepOut, WhereOut, answer, find, step
from tenants.api.endpoints import endpoint, read, read_query
from tenants.api.examples import example
from tenants.api.serializers import Phone, Problem, StrictSerializer


@example(
    "What kind of salon it is",
    business_name="Salon Luna",
    description="Hair, in the old town.",
    legal_name="Luna Hair LLC",
    industry="Hair salon",
)
class BusinessIn(StepIn):
    """`new` begins another salon while one is on its way; without it that one's answer is changed."""

    business_name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=2000, allow_blank=True, required=False, default="")
    legal_name = serializers.CharField(max_length=160, allow_blank=True, required=False, default="")
    industry = serializers.CharField(max_length=80, allow_blank=True, required=False, default="")
    new = serializers.BooleanField(required=False, default=False)


@example("luna.example.com", subdomain="luna")
class AddressIn(StepIn):
    subdomain = serializers.CharField(max_length=80)


class PostalAddressIn(StrictSerializer):
    line1 = serializers.CharField(max_length=120)
    line2 = serializers.CharField(max_length=120, allow_blank=True, required=False, default="")
    city = serializers.CharField(max_length=80)
    region = serializers.CharField(max_length=80, allow_blank=True, required=False, default="")
    postal_code = serializers.CharField(max_length=20, allow_blank=True, required=False, default="")
    country = Country(max_length=2)


@example(
    "In New York",
    phone="(212) 555-0187",
    email="hello@example.com",
    address={"line1": "12 Elm Street", "city": "New York", "region": "NY", "postal_code": "10001", "country": "US"},
    timezone="America/New_York",
)
class LocationIn(StepIn):
    phone = Phone()
    email = serializers.EmailField(max_length=254)
    address = PostalAddressIn()
    timezone = Zone(max_length=64)
    currency_code = Currency(max_length=3, required=False)
    keep_visits = serializers.ChoiceField(choices=zones.CHOICES, required=False)

    def to_internal_value(self, data):
        """The number may be written as people write it in the country of the address."""
        address = data.get("address") if isinstance(data, dict) else None
        country = address.get("country") if isinstance(address, dict) else None
        if isinstance(country, str) and country.upper() in COUNTRIES:
            self.context["region"] = country.upper()
        return super().to_internal_value(data)


@extend_schema(
    request=BusinessIn, responses={200: StepOut, 201: StepOut} | dict.fromkeys((400, 401, 403, 404, 409), Problem)
)
@endpoint("POST", permission=IsAuthenticated)
def business_account(request):
    """Begin a salon, or change what step 1 answered."""
    data = read(BusinessIn, request)
    fields = {name: data[name] for name in ("description", "legal_name", "industry")} | {"name": data["business_name"]}
    progress = None if data["new"] else find(request, data.get("tenant_id"))
    if progress is None:
        response = answer(services.begin(owner=request.user, fields=fields, now=timezone.now()))
        response.status_code = 201
        return response
    services.refuse_ended(progress)
    at = At(request, progress)
    return answer(services.save_business(fields=fields, **at.told))


@extend_schema(request=AddressIn, responses={200: StepOut} | dict.fromkeys((400, 401, 403, 404, 409, 422), Problem))
@endpoint("POST", permission=IsAuthenticated)
def booking_website(request):
    """The address is the salon's from now on; the salon is made in the background, or by the next step."""
    data = read(AddressIn, request)
    progress = find(request, data.get("tenant_id"))
    if progress is None:
        raise services.NothingBegun
    services.refuse_ended(progress)
    at = At(request, progress)
    return answer(services.choose_address(slug=data["subdomain"].strip().lower(), **at.told))


@step(3, LocationIn)
def location_contacts(at, *, phone, email, address, timezone, currency_code=None, keep_visits=None):
    """Where the salon is. The currency is the country's own where none is named."""
    profile = {"phone": phone, "email": email, "country": address["country"]}
    profile |= {f"address_{line}": address[line] for line in ("line1", "line2")}
    profile |= {name: address[name] for name in ("city", "region", "postal_code")}
    profile["currency_code"] = currency_code or services.currency_of(address["country"], at.business)
    services.save_location(profile=profile, timezone=timezone, keep_visits=keep_visits, **at.told)


class ProgressAsked(StrictSerializer):
    tenant_id = serializers.UUIDField(required=False)


class ProgressOut(WhereOut):
    status = serializers.SerializerMethodField()
    provisioning = serializers.CharField()
    skipped_steps = serializers.ListField(child=serializers.IntegerField())
    step_data = serializers.SerializerMethodField()

    def get_status(self, progress) -> str:
        return progress.business.status if progress.business else "onboarding"

    def get_step_data(self, progress) -> dict:
        return queries.step_data(progress)


@extend_schema(parameters=[ProgressAsked], responses={200: OpenApiTypes.OBJECT, 401: Problem, 404: Problem})
@endpoint("GET", permission=IsAuthenticated)
def progress(request):
    """How far the salon is, and what was answered, step by step."""
    asked = read_query(ProgressAsked, request)
    found = find(request, asked.get("tenant_id")) or queries.all_of(request.user).first()
    if found is None:
        raise exceptions.NotFound("You have not begun to open a salon.")
    return Response({"success": True, "data": ProgressOut(found).data})
