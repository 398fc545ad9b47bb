"""Services, categories and people, for members of the salon."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings.api import asked, reads, shapes
from bookings.models import ServiceCategory, TeamMember
from tenants.api.endpoints import Private, endpoint
from tenants.api.serializers import Problem


class Services(Private, generics.ListAPIView):
    serializer_class = shapes.ServiceOut
    filterset_class = asked.ServiceFilter

    def get_queryset(self):
        return reads.services()


class OneService(Private, generics.RetrieveAPIView):
    serializer_class = shapes.ServiceOut

    def get_queryset(self):
        return reads.services()


class Categories(Private, generics.ListAPIView):
    queryset = ServiceCategory.objects.order_by("sort_order", "name")
    serializer_class = shapes.CategoryOut


class OneCategory(Private, generics.RetrieveAPIView):
    queryset = ServiceCategory.objects.all()
    serializer_class = shapes.CategoryOut


class TeamMembers(Private, generics.ListAPIView):
    serializer_class = shapes.TeamMemberOut

    def get_queryset(self):
        return reads.team()


class OneTeamMember(Private, generics.RetrieveAPIView):
    serializer_class = shapes.TeamMemberOut

    def get_queryset(self):
        return reads.team()


@extend_schema(responses={200: OpenApiTypes.OBJECT, 404: Problem})
@endpoint("GET")
def availability(request, member_id):
    """A person's weekly plan. Rows with a `service_id` replace the general ones for that service."""
    member = get_object_or_404(TeamMember, pk=member_id)
    shifts = member.availability.order_by("service_id", "day_of_week", "start_min")
    return Response({"team_member_id": member.pk, "availabilities": shapes.ShiftOut(shifts, many=True).data})
