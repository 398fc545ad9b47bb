"""Addresses for programs as nobody should write them: they are told from those that refuse what they do not know."""

from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

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


urlpatterns = [path("planted/strict", _taking(Strict)), path("planted/loose", _taking(Loose))]
