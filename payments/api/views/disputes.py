"""What a salon shows a customer's bank, as a program takes it along."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.response import Response
from rest_framework.views import APIView

from payments import dispute_pack
from payments.api import asked, reads
from tenants.api.endpoints import Private, read_query
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission


class OnlyJson(BaseContentNegotiation):
    """Refusals are JSON whatever was asked for: `format` is a parameter of ours here, not the framework's."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class DisputePack(Private, APIView):
    """Who agreed to what, came or did not, and what moved: for a bank that takes a payment back. For who may give money back."""

    permission_classes = [needs(Permission.REFUND)]
    content_negotiation_class = OnlyJson

    @extend_schema(
        operation_id="dispute_pack",
        parameters=[asked.PackIn],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/pdf"): OpenApiTypes.BINARY,
            404: Problem,
        },
    )
    def get(self, request, pk):
        booking = get_object_or_404(reads.pressable(), pk=pk)
        wanted = read_query(asked.PackIn, request)["format"]
        pack = dispute_pack.pack_of(business=request.tenant, booking=booking, now=timezone.now())
        if wanted == "json":
            return Response(pack.as_json())
        paper = dispute_pack.paper_of(pack=pack, country=request.tenant.country)
        found = HttpResponse(paper, content_type="application/pdf")
        found["Content-Disposition"] = f'attachment; filename="dispute-{booking.ref}.pdf"'
        return found
