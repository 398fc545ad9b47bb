"""Bodies as people send them, for the API's description."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer


def example(title, /, **body):
    """Decorates a shape: the description shows this body wherever the shape is asked for, unless the address shows others.

    Its title says what the body does. A shape that is built on this one shows it too, until it has one of its own.
    """
    return extend_schema_serializer(examples=[OpenApiExample(title, value=body, request_only=True)])
