"""Members: who has a membership, how it stands, and its end by the salon."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response

from bookings.api.views.staff import actor
from memberships import queries, services
from memberships.models import Membership, MembershipState
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem, StrictSerializer
from tenants.permissions import Permission

MONTH, NOW = "month", "now"
VERBS = {MONTH: services.end_at_period_end, NOW: services.end_now}
STATES = [choice for choice in MembershipState.choices if choice[0] != MembershipState.PENDING]
REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem}
END = [
    OpenApiExample("With the month that is paid for", value={"when": MONTH}, request_only=True),
    OpenApiExample("Now", value={"when": NOW}, request_only=True),
]


class CustomerMembershipOut(serializers.ModelSerializer):
    """A membership by the terms that were agreed to. `visits_included` and `visits_used` are of the month paid for last,
    null before the first; `next_charge_at` is null where nothing is charged any more."""

    visits_included = serializers.SerializerMethodField()
    visits_used = serializers.SerializerMethodField()
    next_charge_at = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = (
            "id",
            "plan_id",
            "plan_name",
            "customer_id",
            "name",
            "email",
            "state",
            "price_cents",
            "currency_code",
            "visits_included",
            "visits_used",
            "period_ends_at",
            "next_charge_at",
            "cancel_at_period_end",
            "unpaid_since",
            "began_at",
            "ended_at",
        )

    def get_visits_included(self, membership) -> int | None:
        return self._month(membership, "included")

    def get_visits_used(self, membership) -> int | None:
        return self._month(membership, "used")

    def get_next_charge_at(self, membership) -> serializers.DateTimeField(allow_null=True):
        charged_at = queries.next_charge(membership)
        return charged_at and serializers.DateTimeField().to_representation(charged_at)

    def _month(self, membership, what):
        request = self.context["request"]
        month = queries.month_of(membership, business=request.tenant, now=timezone.now())
        return month and getattr(month, what)


class MembershipFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=STATES)
    plan = filters.UUIDFilter(field_name="plan")

    class Meta:
        model = Membership
        fields = ()


class EndMembershipIn(StrictSerializer):
    when = serializers.ChoiceField(
        choices=(MONTH, NOW),
        help_text="`month`: with the month that is paid for; `now`: at once. Neither gives anything back.",
    )


class Asked(Private):
    permission_classes = [needs(Permission.VIEW_CUSTOMERS)]
    queryset = queries.members()
    serializer_class = CustomerMembershipOut


class Members(Asked, generics.ListAPIView):
    """Memberships that have begun, or are about to; the newest first."""

    filterset_class = MembershipFilter


class OneMember(Asked, generics.RetrieveAPIView):
    """One of them."""


@extend_schema(request=EndMembershipIn, responses={200: CustomerMembershipOut, **REFUSALS}, examples=END)
@endpoint("POST", permission=needs(Permission.REFUND))
def end(request, pk):
    """Charge nothing more. Asked again it changes nothing."""
    membership = _found(pk)
    return _pressed(request, membership, VERBS[read(EndMembershipIn, request)["when"]])


@extend_schema(request=Nothing, responses={200: CustomerMembershipOut, **REFUSALS})
@endpoint("POST", permission=needs(Permission.REFUND))
def keep(request, pk):
    """Not end it with its month after all."""
    membership = _found(pk)
    read(Nothing, request)
    return _pressed(request, membership, services.keep)


def _found(pk):
    return get_object_or_404(queries.members(), pk=pk)


def _pressed(request, membership, act):
    act(membership=membership, business=request.tenant, by=actor(request), now=timezone.now())
    return Response(CustomerMembershipOut(_found(membership.pk), context={"request": request}).data)
