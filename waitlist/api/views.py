"""The waiting list: everybody may join it, members of the salon and its programs see who waits."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from audit import actors
from bookings.api.asked import basket_of
from tenants import limits
from tenants.addresses import bucket, client_address
from tenants.api.endpoints import Private, endpoint, open_endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission
from waitlist import queries, services
from waitlist.api import asked, examples, shapes
from waitlist.models import Wish
from waitlist.views import JOINS


@extend_schema(
    request=asked.JoinIn,
    responses={201: shapes.WaitingOut, 400: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem},
    examples=examples.JOIN,
)
@open_endpoint("POST")
def join(request):
    """Wait for a time. First come, first served among those a free time suits; the same wish sent twice is one."""
    data, address = read(asked.JoinIn, request), client_address(request)
    basket = basket_of(data)
    limits.take(JOINS, bucket(address), address=address)
    wish = services.join(
        business=request.tenant,
        basket=basket,
        person=asked.person_of(data),
        first=data["first_date"],
        last=data["last_date"],
        windows=asked.windows_of(data),
        now=timezone.now(),
    )
    return Response(shapes.WaitingOut(wish, context={"business": request.tenant}).data, status=201)


class Wishes(Private, generics.ListAPIView):
    """Who waits and who has waited, in line: whoever came first is asked first."""

    permission_classes = [needs(Permission.VIEW_CUSTOMERS)]
    queryset = Wish.objects.none()  # what the schema is read from
    serializer_class = shapes.WishOut
    filterset_class = asked.WishFilter

    def get_queryset(self):
        return queries.wishes()


@extend_schema(request=None, responses={204: None, 403: Problem, 404: Problem, 409: Problem})
@endpoint("DELETE")
def remove(request, pk):
    """Take somebody off the list; a time that is kept for them is free at once. Done twice, the second changes nothing."""
    wish = get_object_or_404(Wish, pk=pk)
    by = actors.user(request.user, client_address(request))
    services.leave(wish=wish, by=by, now=timezone.now(), removed=True)
    return Response(status=204)


@extend_schema(
    request=asked.OfferIn,
    responses={202: shapes.AskedOut, 400: Problem, 403: Problem, 422: Problem},
    examples=examples.OFFER,
)
@endpoint("POST")
def offer(request):
    """Have what is free on these dates offered to whoever waits for it: by the line, as after a cancellation."""
    data, by = read(asked.OfferIn, request), actors.user(request.user, client_address(request))
    waiting = services.ask_again(
        business=request.tenant, first=data["first_date"], last=data["last_date"], by=by, now=timezone.now()
    )
    return Response({"waiting": waiting}, status=202)
