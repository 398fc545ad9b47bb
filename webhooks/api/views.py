"""Webhooks for the salon's admins and owners."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from audit import actors
from tenants.addresses import client_address
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem
from tenants.permissions import Permission
from webhooks import services
from webhooks.api import shapes
from webhooks.models import WebhookDelivery, WebhookEndpoint

MANAGERS = needs(Permission.MANAGE_INTEGRATIONS)


def _by(request):
    return {"by": actors.user(request.user, client_address(request)), "now": timezone.now()}


def _with_secret(made, status):
    row, secret = made
    row.secret = secret
    return Response(shapes.EndpointWithSecret(row).data, status=status)


class Endpoints(Private, generics.ListAPIView):
    """Where the salon's own programs are told of events."""

    permission_classes = [MANAGERS]
    queryset = WebhookEndpoint.objects.order_by("created_at", "pk")
    serializer_class = shapes.EndpointOut
    filter_backends = []

    @extend_schema(
        request=shapes.EndpointIn,
        responses={201: shapes.EndpointWithSecret, 400: Problem, 409: Problem, 422: Problem},
    )
    def post(self, request):
        """Register an address. The answer holds the secret its messages are signed with, this one time."""
        data = read(shapes.EndpointIn, request)
        return _with_secret(services.add_endpoint(business=request.tenant, **data, **_by(request)), 201)


class OneEndpoint(Private, generics.RetrieveAPIView):
    permission_classes = [MANAGERS]
    queryset = WebhookEndpoint.objects.all()
    serializer_class = shapes.EndpointOut

    @extend_schema(request=shapes.EndpointChange, responses={200: shapes.EndpointOut, 400: Problem, 422: Problem})
    def patch(self, request, pk):
        """Change the address, its events or its name; pause it, or start it again."""
        row, data = self.get_object(), read(shapes.EndpointChange, request)
        paused = data.pop("paused", None)
        row = services.change_endpoint(endpoint=row, **data, **_by(request))
        if paused is not None:
            row = (services.pause if paused else services.resume)(endpoint=row, **_by(request))
        return Response(shapes.EndpointOut(row).data)

    @extend_schema(request=None, responses={204: None, 404: Problem})
    def delete(self, request, pk):
        """Forget the address, and what was to be sent there."""
        services.delete_endpoint(endpoint=self.get_object(), **_by(request))
        return Response(status=204)


class Deliveries(Private, generics.ListAPIView):
    """What was sent to an endpoint, newest first: attempts, answers, the next try."""

    permission_classes = [MANAGERS]
    serializer_class = shapes.DeliveryOut
    filterset_class = shapes.DeliveryFilter
    queryset = WebhookDelivery.objects.none()  # what the schema is read from

    def get_queryset(self):
        row = get_object_or_404(WebhookEndpoint, pk=self.kwargs["pk"])
        return row.deliveries.select_related("event").order_by("-event__position")


@extend_schema(request=Nothing, responses={200: shapes.EndpointWithSecret, 404: Problem})
@endpoint("POST", permission=MANAGERS)
def roll(request, pk):
    """A new secret, shown this one time. For 24 hours messages carry a signature with the one before, too."""
    read(Nothing, request)
    return _with_secret(services.roll_secret(endpoint=get_object_or_404(WebhookEndpoint, pk=pk), **_by(request)), 200)


@extend_schema(request=Nothing, responses={202: shapes.DeliveryOut, 404: Problem, 409: Problem})
@endpoint("POST", permission=MANAGERS)
def test(request, pk):
    """Send an event that says nothing but `webhook.test`."""
    read(Nothing, request)
    delivery = services.send_test(endpoint=get_object_or_404(WebhookEndpoint, pk=pk), now=timezone.now())
    return Response(shapes.DeliveryOut(delivery).data, status=202)


@extend_schema(request=Nothing, responses={202: shapes.DeliveryOut, 404: Problem, 409: Problem})
@endpoint("POST", permission=MANAGERS)
def replay(request, pk, delivery_id):
    """Send an event once more, with all its attempts; after 30 days its words are gone, and that is refused."""
    read(Nothing, request)
    delivery = get_object_or_404(WebhookDelivery, pk=delivery_id, endpoint=pk)
    services.replay(delivery=delivery, now=timezone.now())
    delivery = WebhookDelivery.objects.select_related("event").get(pk=delivery.pk)
    return Response(shapes.DeliveryOut(delivery).data, status=202)
