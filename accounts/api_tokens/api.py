"""A salon's API tokens, for owners and admins who are signed in: a token makes no tokens."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api_tokens import queries, services
from accounts.api_tokens.scopes import Scope
from tenants.addresses import client_address
from tenants.api.endpoints import Private, read
from tenants.api.examples import example
from tenants.api.permissions import needs
from tenants.api.serializers import Instant, Problem, StrictSerializer
from tenants.permissions import Permission


@example(
    "A till that reads bookings and money",
    name="Till",
    scopes=["bookings:read", "money:read"],
    expires_at="2028-01-01T00:00:00Z",
)
class TokenIn(StrictSerializer):
    name = serializers.CharField(max_length=40)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), allow_empty=False, max_length=len(Scope)
    )
    expires_at = Instant(required=False, allow_null=True, help_text="A year from now if left out; null is without end.")


class TokenOut(serializers.Serializer):
    id = serializers.UUIDField(source="token.pk")
    name = serializers.CharField(source="token.name")
    prefix = serializers.CharField(source="token.shown_prefix", help_text="How the key begins.")
    scopes = serializers.ListField(child=serializers.CharField(), source="token.scopes")
    made_by = serializers.CharField(source="token.made_by_label")
    created_at = serializers.DateTimeField(source="token.created_at")
    expires_at = serializers.DateTimeField(source="token.expires_at", allow_null=True)
    last_used_at = serializers.DateTimeField(
        source="token.last_used_at", allow_null=True, help_text="To within five minutes."
    )
    state = serializers.CharField(help_text="active, expired, or ended: whoever made it has left.")


class TokenMade(TokenOut):
    key = serializers.CharField(help_text="Send it as a bearer token. It is told this once.")


class APITokens(Private, generics.ListAPIView):
    """The salon's API tokens that nobody has revoked, newest first."""

    permission_classes = [needs(Permission.MANAGE_INTEGRATIONS)]
    serializer_class = TokenOut
    filter_backends = []

    def get_queryset(self):
        return queries.listed(self.request.tenant, timezone.now())

    @extend_schema(request=TokenIn, responses={201: TokenMade, 400: Problem, 403: Problem, 409: Problem, 422: Problem})
    def post(self, request):
        """Make a token. The answer holds its key, which is told this once."""
        data, now = read(TokenIn, request), timezone.now()
        expires_at = data.pop("expires_at", now + services.YEAR)
        token, key = services.make_token(**data, **pressed(request), expires_at=expires_at, now=now)
        shown = TokenOut(queries.Listed(token, "active")).data
        return Response(shown | {"key": key}, status=201)


class OneAPIToken(Private, APIView):
    permission_classes = [needs(Permission.MANAGE_INTEGRATIONS)]

    @extend_schema(request=None, responses={204: None, 403: Problem, 404: Problem})
    def delete(self, request, pk):
        """Revoke a token; it is refused from the next request on."""
        services.revoke_token(token_id=pk, **pressed(request), now=timezone.now())
        return Response(status=204)


def pressed(request):
    return {"business": request.tenant, "by": request.user, "address": client_address(request)}
