"""Reads bodies; settings name JSON as the only kind, an endpoint with a picture asks for forms as well."""

from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import JSONParser, MultiPartParser

from tenants.media_services import MAX_BYTES as LARGEST_PICTURE

MAX_BYTES = 1024 * 1024


class SmallJSONParser(JSONParser):
    """JSON in UTF-8 (RFC 8259), whatever charset the request claims, up to a size: DRF itself reads without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RequestDataTooBig
        return super().parse(BytesIO(body), media_type, {"encoding": "utf-8"})


class SmallFormParser(MultiPartParser):
    """A form with a picture, up to a size that is told before the body is read."""

    def parse(self, stream, media_type=None, parser_context=None):
        told = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if not told.isdigit() or int(told) > LARGEST_PICTURE + MAX_BYTES:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)
