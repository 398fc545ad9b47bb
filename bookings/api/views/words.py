"""The salon's own words for its messages: everybody reads them, admins and owners write them."""

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings import mail_values
from bookings.api import reads
from bookings.api.views.staff import actor
from bookings.api.words_asked import (
    PreviewIn,
    PreviewOut,
    TemplateFilter,
    TemplateIn,
    TemplateOut,
    TemplatePatch,
    TemplatesIn,
)
from messaging import queries, services, sms
from messaging.models import Channel
from messaging.samples import sample_values
from tenants import languages
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem
from tenants.permissions import Permission

MANAGED = needs(Permission.WRITE_WORDS, read=[Permission.VIEW_DIARY])
GERMAN = OpenApiExample(
    "A text in German",
    value={
        "channel": "email",
        "trigger": "reminder",
        "language": "de",
        "subject": "Bis {{booking_date}}",
        "body": "Guten Tag {{customer_name}},\n\nwir erwarten Sie um {{booking_time}} Uhr: {{manage_link}}",
    },
    request_only=True,
)
REFUSED = {400: Problem, 403: Problem, 404: Problem}


class Templates(Private, generics.ListAPIView):
    """The salon's texts. Where it has none in use, the product's own words are sent."""

    permission_classes = [MANAGED]
    serializer_class = TemplateOut
    filterset_class = TemplateFilter

    def get_queryset(self):
        return queries.templates()

    @extend_schema(request=TemplateIn, responses={201: TemplateOut, 409: Problem, **REFUSED}, examples=[GERMAN])
    def post(self, request):
        """Write a text; `errors` and `places` name the field, line and column of what cannot be sent."""
        template = _save(request, read(TemplateIn, request))
        return Response(self.get_serializer(template).data, status=201)

    @extend_schema(
        operation_id="api_v1_notification_templates_write",
        request=TemplatesIn,
        responses={200: TemplateOut(many=True), 409: Problem, **REFUSED},
    )
    def put(self, request):
        """Write several texts, each in place of the one of its trigger, channel and language: all of them, or none."""
        texts = read(TemplatesIn, request)["templates"]
        written = services.write_templates(texts=texts, by=actor(request), now=timezone.now())
        return Response(self.get_serializer(written, many=True).data)


class OneTemplate(Private, generics.RetrieveAPIView):
    permission_classes = [MANAGED]
    serializer_class = TemplateOut

    def get_queryset(self):
        return queries.templates()

    @extend_schema(request=TemplateIn, responses={200: TemplateOut, 409: Problem, **REFUSED})
    def put(self, request, pk):
        return self._change(request, TemplateIn)

    @extend_schema(request=TemplatePatch, responses={200: TemplateOut, 409: Problem, **REFUSED})
    def patch(self, request, pk):
        return self._change(request, TemplatePatch)

    @extend_schema(request=Nothing, responses={204: None, 403: Problem, 404: Problem})
    def delete(self, request, pk):
        """Take the text away: the product's own words are sent again."""
        services.delete_template(template=self.get_object(), by=actor(request), now=timezone.now())
        return Response(status=204)

    def _change(self, request, shape):
        template = _save(request, read(shape, request), self.get_object())
        return Response(self.get_serializer(template).data)


@extend_schema(request=PreviewIn, responses={200: PreviewOut, **REFUSED})
@endpoint("POST", permission=needs(Permission.WRITE_WORDS))
def preview(request, pk):
    """The text filled in, as saved or as sent along; nothing is saved and nobody is told."""
    template, data = get_object_or_404(queries.templates(), pk=pk), read(PreviewIn, request)
    with languages.speaking(template.language):
        values = _values(request.tenant, data.pop("booking_id", None), timezone.now())
    words = services.preview(template=template, fields=data, values=values)
    html = render_to_string("messaging/words.html", {"business": request.tenant, "words": words})
    length = {"characters": len(words.text), "segments": 0}
    if template.channel == Channel.SMS:
        length["segments"] = sms.segments(words.text)
    return Response({"subject": words.subject, "body": words.text, "html": html} | length)


def _values(business, booking_id, now):
    """A made-up customer's, or a booking's. What a booking does not say stays made up."""
    values = sample_values(business=business, now=now)
    if booking_id is None:
        return values
    booking = get_object_or_404(reads.bookings(), pk=booking_id)
    told = mail_values.values_of(business=business, booking=booking, now=now)
    return values | told | {"amount": told["price"]}


def _save(request, fields, template=None):
    return services.save_template(template=template, fields=fields, by=actor(request), now=timezone.now())
