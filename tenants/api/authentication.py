from rest_framework_simplejwt.authentication import JWTAuthentication

from tenants import queries
from tenants.api import tokens


class SalonJWTAuthentication(JWTAuthentication):
    """Bearer tokens of this very host, from people who are still who the token says.

    Somebody who was a member when the token was issued and is one no more is refused, not treated as a stranger.
    """

    def authenticate(self, request):
        header = self.get_header(request)
        text = self.get_raw_token(header) if header is not None else None
        if text is None:
            return None
        business = request.tenant
        token = tokens.read_access(text, business)
        user = tokens.user_of(token)
        request._salon_membership = queries.membership_of(user, business) if business else None
        if token.get("membership_role") and request._salon_membership is None:
            raise tokens.Refused
        return user, token
