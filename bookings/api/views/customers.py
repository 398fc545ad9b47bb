"""Customers, for members of the salon."""

from functools import partial

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings.api import asked, reads, shapes
from bookings.api.customers_asked import CustomerFilter, CustomerIn, MergeIn, NoteIn, columns_of, take_of
from bookings.api.views.staff import actor
from bookings.models import Booking, CustomerNote
from bookings.services import customers
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem
from tenants.permissions import Permission

MANAGED = needs(Permission.EDIT_CUSTOMERS, read=[Permission.VIEW_CUSTOMERS])
ERASED = needs(Permission.ERASE_CUSTOMERS)
REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def found(pk):
    """The customer of this id, or who they were merged into. Raises Http404."""
    customer = customers.find(pk)
    if customer is None:
        raise Http404
    return customer


def shown(customer, *, status=200):
    detail = reads.customers_in_detail(now=timezone.now()).get(pk=customer.pk)
    return Response(shapes.CustomerDetailOut(detail).data, status=status)


def who(request):
    return {"by": actor(request), "now": timezone.now()}


class Customers(Private, generics.ListAPIView):
    """Everybody who has not been forgotten, by name."""

    permission_classes = [MANAGED]
    serializer_class = shapes.CustomerOut
    filterset_class = CustomerFilter

    def get_queryset(self):
        return reads.customers()

    @extend_schema(request=CustomerIn, responses={201: shapes.CustomerDetailOut, **REFUSALS})
    def post(self, request):
        """A new customer. An e-mail address is one customer's only."""
        fields = columns_of(read(CustomerIn, request))
        return shown(customers.add_customer(fields=fields, **who(request)), status=201)


class OneCustomer(Private, generics.GenericAPIView):
    """An id of before a merge leads to the customer who stayed."""

    permission_classes = [MANAGED]
    serializer_class = shapes.CustomerDetailOut

    @extend_schema(responses={200: shapes.CustomerDetailOut, 403: Problem, 404: Problem})
    def get(self, request, pk):
        return shown(found(pk))

    @extend_schema(request=CustomerIn, responses={200: shapes.CustomerDetailOut, **REFUSALS})
    def patch(self, request, pk):
        """What is not named stays."""
        customer, data = found(pk), read(partial(CustomerIn, some=True), request)
        return shown(customers.change_customer(customer=customer, fields=columns_of(data), **who(request)))


class CustomerBookings(Private, generics.ListAPIView):
    permission_classes = [MANAGED]
    queryset = Booking.objects.none()
    serializer_class = shapes.BookingOut
    filterset_class = asked.BookingFilter

    def filter_queryset(self, queryset):
        return super().filter_queryset(reads.bookings().filter(customer=found(self.kwargs["pk"])))


class CustomerNotes(Private, generics.ListAPIView):
    """What the team wrote down, newest first. Customers never see it."""

    permission_classes = [MANAGED]
    queryset = CustomerNote.objects.none()
    serializer_class = shapes.CustomerNoteOut

    def filter_queryset(self, queryset):
        return found(self.kwargs["pk"]).staff_notes.all()

    @extend_schema(request=NoteIn, responses={201: shapes.CustomerNoteOut, **REFUSALS})
    def post(self, request, pk):
        customer, data = found(pk), read(NoteIn, request)
        note = customers.add_note(customer=customer, text=data["text"], **who(request))
        return Response(shapes.CustomerNoteOut(note).data, status=201)


@extend_schema(request=MergeIn, responses={200: shapes.CustomerDetailOut, **REFUSALS})
@endpoint("POST", permission=ERASED)
def merge(request, pk):
    """Make another customer part of this one, for good: visits, payments, kept cards and notes move along."""
    customer, data = found(pk), read(MergeIn, request)
    return shown(
        customers.merge_customers(customer=customer, other=found(data["other_id"]), take=take_of(data), **who(request))
    )


@extend_schema(request=Nothing, responses={200: shapes.CustomerDetailOut, **REFUSALS})
@endpoint("POST", permission=ERASED)
def erase(request, pk):
    """Forget who a customer is, for good. Visits and payments stay without a name. Refused while either is open."""
    customer = found(pk)
    read(Nothing, request)
    return shown(customers.erase_customer(customer=customer, **who(request)))
