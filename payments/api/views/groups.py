"""Visits for several people in one go, for members of the salon and their programs."""

from hashlib import sha256
from uuid import uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from bookings.api import examples, groups_asked
from bookings.api.shapes import GroupOut
from bookings.api.views.groups import shown
from bookings.api.views.staff import actor
from payments import services
from payments.api import asked
from payments.api.views.checkout import KEY
from tenants.api.endpoints import endpoint, read
from tenants.api.serializers import Problem


@extend_schema(
    request=groups_asked.GroupIn,
    parameters=[KEY],
    responses={201: GroupOut, 400: Problem, 404: Problem, 409: Problem, 422: Problem},
    examples=examples.GROUP,
)
@endpoint("POST")
def create(request):
    """Book a visit for each guest, all or none, confirmed at once: no card is asked for, they pay at the salon.

    The customer is told once of all of them. Somebody faster is 409 `slot_taken` with three starts near it.
    """
    data, key = read(groups_asked.GroupIn, request), asked.key_of(request)
    customer = groups_asked.customer_of(data)
    taken = services.take_family(
        business=request.tenant,
        baskets=groups_asked.baskets_of(data),
        names=groups_asked.names_of(data),
        start=data["start_time"],
        order=data["order"],
        details=groups_asked.details_of(data, customer),
        customer=customer,
        override=groups_asked.override_of(data),
        by=actor(request),
        now=timezone.now(),
        key=own_key(request, key),
        params=request.data,
    )
    return Response(shown(request, taken[0].family_id), status=201)


def own_key(request, key):
    """A key as it is kept: a colleague, or a guest, who sends the same one asks for something else. A new one for none."""
    return sha256(f"{request.user.pk}:{key}".encode()).hexdigest() if key else str(uuid4())
