"""Packages: what is on offer for whoever asks, and the catalogue of them for the salon."""

from functools import partial

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response

from bookings.api.examples import CUT
from bookings.api.views.staff import actor
from giftcards import queries, services
from giftcards.models import FEWEST_VISITS, MOST_VISITS, Package
from tenants.api.endpoints import Private, open_endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem, SomeOf
from tenants.permissions import Permission

REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
EXAMPLE = OpenApiExample(
    "Five cuts for the price of four",
    value={
        "name": "Cut & finish",
        "visits": 5,
        "price_cents": 20_000,
        "service_ids": [CUT],
        "valid_months": 12,
        "description": "Shared with nobody, used up within a year.",
    },
    request_only=True,
)


class PackageOnOffer(serializers.ModelSerializer):
    """`visit_cents` is what one of its visits comes to, rounded down."""

    visit_cents = serializers.SerializerMethodField()
    currency_code = serializers.SerializerMethodField()

    class Meta:
        model = Package
        fields = (
            "id",
            "title",
            "name",
            "description",
            "visits",
            "price_cents",
            "visit_cents",
            "currency_code",
            "service_ids",
            "valid_months",
        )

    def get_visit_cents(self, package) -> int:
        return package.price_cents // package.visits

    def get_currency_code(self, package) -> str:
        return self.context["request"].tenant.currency_code


class PackageOut(PackageOnOffer):
    """`sold` is how many, `to_come` how many visits of them nobody has used or booked yet."""

    sold = serializers.IntegerField(read_only=True)
    to_come = serializers.IntegerField(read_only=True)

    class Meta:
        model = Package
        fields = (*PackageOnOffer.Meta.fields, "sold_online", "active", "sort_order", "sold", "to_come")


class PackageIn(SomeOf):
    """A package for whoever buys it from now on: those that are sold stay as they were."""

    name = serializers.CharField(max_length=100)
    description = serializers.CharField(max_length=400, required=False, allow_blank=True)
    visits = serializers.IntegerField(min_value=FEWEST_VISITS, max_value=MOST_VISITS)
    price_cents = serializers.IntegerField(min_value=1, max_value=100_000_000)
    service_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)
    valid_months = serializers.IntegerField(min_value=1, max_value=120, required=False, allow_null=True)
    sold_online = serializers.BooleanField(required=False)
    active = serializers.BooleanField(required=False)
    sort_order = serializers.IntegerField(min_value=0, max_value=1000, required=False)


class Managed(Private):
    permission_classes = [needs(Permission.MANAGE_GIFT_CARDS, read=[Permission.VIEW_MONEY])]
    serializer_class = PackageOut

    def get_queryset(self):
        return queries.packages()

    def answer(self, package, *, status=200):
        return Response(self.get_serializer(self.get_queryset().get(pk=package.pk)).data, status=status)

    def who(self):
        return {"by": actor(self.request), "now": timezone.now()}


class Packages(Managed, generics.ListAPIView):
    """Every package, those that are not sold any more too."""

    @extend_schema(request=PackageIn, responses={201: PackageOut, **REFUSALS}, examples=[EXAMPLE])
    def post(self, request):
        """A new package. It is sold at once, online too where the salon takes cards."""
        package = services.create_package(fields=fields_of(read(PackageIn, request)), **self.who())
        return self.answer(package, status=201)


class OnePackage(Managed, generics.RetrieveAPIView):
    @extend_schema(request=PackageIn, responses={200: PackageOut, **REFUSALS})
    def patch(self, request, pk):
        """What is not named stays. `active: false` sells it no more; what was sold stays good."""
        package = self.get_object()
        fields = fields_of(read(partial(PackageIn, some=True), request))
        return self.answer(services.change_package(package=package, fields=fields, **self.who()))


@extend_schema(responses=PackageOnOffer(many=True), auth=[])
@open_endpoint("GET")
def on_offer(request):
    """The packages customers can buy on the salon's page, in its order; none where it takes no cards online."""
    packages = queries.packages_on_offer(business=request.tenant)
    return Response(PackageOnOffer(packages, many=True, context={"request": request}).data)


def fields_of(data):
    """Each service once, in the order it was named."""
    return data | {"service_ids": list(dict.fromkeys(data["service_ids"]))} if "service_ids" in data else data
