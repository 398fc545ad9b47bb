"""Services and categories: every member of the salon reads them, admins and owners write them."""

from functools import partial

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings import stranded
from bookings.api import asked, catalogue_examples, reads, shapes
from bookings.api.catalogue_asked import CategoryIn, ServiceIn, service_of
from bookings.api.views.staff import actor
from bookings.models import ServiceCategory
from bookings.services import catalogue
from tenants.api.endpoints import Private, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
REMOVED = {204: None, 403: Problem, 404: Problem}


class Managed(Private):
    """Every member reads, admins and owners write."""

    permission_classes = [needs(Permission.ARRANGE, read=[Permission.VIEW_DIARY])]

    def who(self):
        """What every verb is told: who acts, and when."""
        return {"by": actor(self.request), "now": timezone.now()}

    def shown(self, row, serializer_class=None, *, status=200, **context):
        made = serializer_class or self.serializer_class
        return Response(made(row, context=self.get_serializer_context() | context).data, status=status)


class Services(Managed, generics.ListAPIView):
    serializer_class = shapes.ServiceOut
    filterset_class = asked.ServiceFilter

    def get_queryset(self):
        return reads.services()

    @extend_schema(
        request=ServiceIn, responses={201: shapes.ServiceOut, **REFUSALS}, examples=catalogue_examples.SERVICE
    )
    def post(self, request):
        """A new service. Without `team_members` every active person performs it; it can be booked at once."""
        fields, people = service_of(read(ServiceIn, request))
        service = catalogue.create_service(business=request.tenant, fields=fields, team_members=people, **self.who())
        return self.shown(self.get_queryset().get(pk=service.pk), status=201)


class OneService(Managed, generics.RetrieveAPIView):
    serializer_class = shapes.ServiceOut

    def get_queryset(self):
        return reads.services()

    @extend_schema(
        request=ServiceIn, responses={200: shapes.ServiceChangedOut, **REFUSALS}, examples=catalogue_examples.SERVICE
    )
    def put(self, request, pk):
        """Everything a new service needs is named again; what is not named stays, as do visits already booked."""
        return self.change(read(ServiceIn, request))

    @extend_schema(
        request=ServiceIn, responses={200: shapes.ServiceChangedOut, **REFUSALS}, examples=catalogue_examples.DEARER
    )
    def patch(self, request, pk):
        """What is not named stays, as do visits already booked; `stranded` counts those that should be moved."""
        return self.change(read(partial(ServiceIn, some=True), request))

    def change(self, data):
        service, who = self.get_object(), self.who()
        fields, people = service_of(data)
        before = performers_of(service)
        changed = catalogue.change_service(
            business=self.request.tenant, service=service, fields=fields, team_members=people, **who
        )
        unlearned = before - performers_of(changed)
        left = stranded.by_service(service=changed, unlearned=unlearned, now=who["now"])
        return self.shown(self.get_object(), shapes.ServiceChangedOut, stranded=len(left))

    @extend_schema(request=None, responses=REMOVED)
    def delete(self, request, pk):
        """Take it out of the catalogue for good. Visits of it stay as booked."""
        catalogue.remove_service(service=self.get_object(), **self.who())
        return Response(status=204)


class Categories(Managed, generics.ListAPIView):
    queryset = ServiceCategory.objects.order_by("sort_order", "name")
    serializer_class = shapes.CategoryOut

    @extend_schema(request=CategoryIn, responses={201: shapes.CategoryOut, **REFUSALS})
    def post(self, request):
        """A new heading; names are the salon's only once."""
        category = catalogue.create_category(fields=read(CategoryIn, request), **self.who())
        return self.shown(category, status=201)


class OneCategory(Managed, generics.RetrieveAPIView):
    queryset = ServiceCategory.objects.all()
    serializer_class = shapes.CategoryOut

    @extend_schema(request=CategoryIn, responses={200: shapes.CategoryOut, **REFUSALS})
    def put(self, request, pk):
        """The name is named again; what is not named stays."""
        return self.change(read(CategoryIn, request))

    @extend_schema(request=CategoryIn, responses={200: shapes.CategoryOut, **REFUSALS})
    def patch(self, request, pk):
        """What is not named stays."""
        return self.change(read(partial(CategoryIn, some=True), request))

    def change(self, fields):
        return self.shown(catalogue.change_category(category=self.get_object(), fields=fields, **self.who()))

    @extend_schema(request=None, responses=REMOVED)
    def delete(self, request, pk):
        """Its services stay, without a category."""
        catalogue.remove_category(category=self.get_object(), **self.who())
        return Response(status=204)


def performers_of(service):
    """The ids of those who perform it, people who are switched off included."""
    return set(service.assignments.values_list("team_member_id", flat=True))
