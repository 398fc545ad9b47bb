"""Addresses as nobody should write them: those that take whatever is sent are told from those that do not."""

from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from bookings.models import Service
from tenants.api.serializers import StrictSerializer

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"


class Strict(StrictSerializer):
    status = serializers.CharField()


class Loose(serializers.Serializer):
    status = serializers.CharField()


def _taking(body_class):
    @api_view(["POST"])
    @permission_classes([AllowAny])
    def take(request):
        body = body_class(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(request.data)

    return take


def page(request):
    """A page whose view takes what is sent for granted."""
    Service.objects.update(price_cents=request.POST["price_cents"])
    return HttpResponse()


urlpatterns = [
    path("planted/strict", _taking(Strict)),
    path("planted/loose", _taking(Loose)),
    path("planted/page", page),
]
