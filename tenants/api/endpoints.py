"""What an endpoint is made with."""

from django.http import QueryDict
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from rest_framework.decorators import api_view, authentication_classes, parser_classes, permission_classes
from rest_framework.permissions import AllowAny

from tenants.api.authentication import SalonJWTAuthentication
from tenants.api.parsers import SmallJSONParser
from tenants.api.permissions import IsSalonStaff


def endpoint(*methods, permission=IsSalonStaff, parsers=()):
    """A function view for members of the salon: closed unless `permission` opens it, and kept out of caches.

    Bodies are JSON; `parsers` read other kinds.
    """
    return _made(methods, permission, None, parsers)


def open_endpoint(*methods, login=False):
    """A function view for everybody. No session is looked at, so there is nothing a foreign page could ride on.

    With `login` a bearer token is read where one is sent, for what staff may ask in addition.
    """
    return _made(methods, AllowAny, [SalonJWTAuthentication] if login else [])


def _made(methods, permission, authentication, parsers=()):
    def decorate(view):
        view = permission_classes([permission])(parser_classes([SmallJSONParser, *parsers])(view))
        if authentication is not None:
            view = authentication_classes(authentication)(view)
        return never_cache(api_view(list(methods))(view))

    return decorate


class Private:
    """For class-based views of members of the salon: bodies are read, and answers kept, like `endpoint`'s."""

    parser_classes = [SmallJSONParser]

    @method_decorator(never_cache)
    def dispatch(self, *args, **kwargs):
        return super().dispatch(*args, **kwargs)


def read(serializer_class, request, **more):
    """The validated body, `more` added to it. Raises DRF's ValidationError."""
    return read_body(serializer_class, request, **more).validated_data


def read_body(serializer_class, request, **more):
    """`read`, as the serializer itself, for one that says what its body means."""
    body = request.data.dict() if isinstance(request.data, QueryDict) else request.data
    return _valid(serializer_class, body | more if isinstance(body, dict) else body, request)


def read_query(serializer_class, request):
    """The validated query string."""
    return _valid(serializer_class, request.query_params.dict(), request).validated_data


def _valid(serializer_class, data, request):
    serializer = serializer_class(data=data, context={"request": request})
    serializer.is_valid(raise_exception=True)
    return serializer
