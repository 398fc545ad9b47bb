"""Reads bodies; settings name JSON as the only kind."""

from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import JSONParser

MAX_BYTES = 1024 * 1024


class SmallJSONParser(JSONParser):
    """JSON in UTF-8 (RFC 8259), whatever charset the request claims, up to a size: DRF itself reads without end."""

    def parse(self, stream, media_type=None, parser_context=None):
        body = stream.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RequestDataTooBig
        return super().parse(BytesIO(body), media_type, {"encoding": "utf-8"})
