"""Plans: what customers can join, for whoever asks, and all of them for the salon."""

from functools import partial

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response

from bookings.api.examples import CUT
from bookings.api.views.staff import actor
from bookings.models import Service
from memberships import queries, services
from memberships.models import MembershipPlan
from memberships.services.plans import MOST_VISITS
from payments import amounts
from tenants.api.endpoints import Private, open_endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem, SomeOf
from tenants.permissions import Permission

REFUSALS = {400: Problem, 403: Problem, 404: Problem, 422: Problem}
EXAMPLE = OpenApiExample(
    "A cut a month",
    value={
        "name": "Monthly cut",
        "price_cents": 4_500,
        "included_visits": 1,
        "service_ids": [CUT],
        "description": "What is not used in a month is not carried over.",
    },
    request_only=True,
)


class MembershipPlanOnOffer(serializers.ModelSerializer):
    """`price_cents` is charged every month; `included_visits` are good for any of the services, that month."""

    service_ids = serializers.SerializerMethodField()

    class Meta:
        model = MembershipPlan
        fields = ("id", "name", "description", "price_cents", "currency_code", "included_visits", "service_ids")

    def get_service_ids(self, plan) -> list[str]:
        return sorted(str(service.pk) for service in plan.services.all())


class MembershipPlanOut(MembershipPlanOnOffer):
    """`members` is how many have one that runs."""

    members = serializers.IntegerField(read_only=True)

    class Meta:
        model = MembershipPlan
        fields = (*MembershipPlanOnOffer.Meta.fields, "is_active", "members")


class MembershipPlanIn(SomeOf):
    """A plan for whoever joins from now on: members keep what they have agreed to."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    price_cents = serializers.IntegerField(min_value=1, max_value=amounts.MOST)
    included_visits = serializers.IntegerField(min_value=1, max_value=MOST_VISITS)
    service_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)
    is_active = serializers.BooleanField(required=False, help_text="Whether customers can join.")


class Managed(Private):
    permission_classes = [needs(Permission.ARRANGE, read=[Permission.VIEW_CUSTOMERS])]
    serializer_class = MembershipPlanOut

    def get_queryset(self):
        return queries.plans()

    def answer(self, plan, *, status=200):
        return Response(self.get_serializer(self.get_queryset().get(pk=plan.pk)).data, status=status)

    def who(self):
        return {"by": actor(self.request), "now": timezone.now()}


class Plans(Managed, generics.ListAPIView):
    """Every plan, those nobody can join any more too."""

    @extend_schema(request=MembershipPlanIn, responses={201: MembershipPlanOut, **REFUSALS}, examples=[EXAMPLE])
    def post(self, request):
        """A new plan. Customers can join at once where the salon takes cards."""
        fields = read(MembershipPlanIn, request)
        offered = services_of(fields.pop("service_ids"))
        plan = services.add_plan(business=request.tenant, fields=fields, services=offered, **self.who())
        return self.answer(plan, status=201)


class OnePlan(Managed, generics.RetrieveAPIView):
    @extend_schema(request=MembershipPlanIn, responses={200: MembershipPlanOut, **REFUSALS})
    def patch(self, request, pk):
        """What is not named stays. `is_active: false` lets nobody join any more; members stay members."""
        plan = self.get_object()
        fields = read(partial(MembershipPlanIn, some=True), request)
        asked = fields.pop("service_ids", None)
        offered = list(plan.services.all()) if asked is None else services_of(asked)
        return self.answer(services.change_plan(plan=plan, fields=fields, services=offered, **self.who()))


@extend_schema(responses=MembershipPlanOnOffer(many=True), auth=[])
@open_endpoint("GET")
def on_offer(request):
    """The memberships customers can join on the salon's page; none where it takes no cards online."""
    plans = queries.offered(business=request.tenant).prefetch_related("services")
    return Response(MembershipPlanOnOffer(plans, many=True).data)


def services_of(ids):
    """The salon's services with these ids, all of them. Raises PlanRefused."""
    found = list(Service.objects.filter(pk__in=ids, active=True, deleted_at=None))
    if len(found) != len(set(ids)):
        raise services.PlanRefused("One of these services is not offered by this salon.")
    return found
