"""How allauth behaves here: one account for the platform and every salon."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db import connection
from django.urls import reverse

from tenants import limits
from tenants.addresses import bucket, client_address
from tenants.api.accounts import LOGIN, LOGIN_FROM


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened on the platform; a salon's host only signs in."""
        return connection.schema_name == "public"

    def get_login_redirect_url(self, request):
        """A salon's people go to work; everybody else home."""
        return (
            reverse("dashboard:today")
            if getattr(request, "membership", None)
            else super().get_login_redirect_url(request)
        )

    def get_client_ip(self, request):
        return client_address(request) or "unknown"

    # Guessing ----------------------------------------------------------------------------------

    def pre_authenticate(self, request, **credentials):
        """Count guesses as the API does and with it: allauth's own counters would start anew on every salon's host."""
        self._attempts = []
        address = client_address(request)
        for limit, parts in ((LOGIN_FROM, ()), (LOGIN, (credentials.get("email", "").lower(),))):
            try:
                limits.take(limit, *parts, bucket(address), address=address)
            except (limits.TooMany, limits.NotNow) as exc:
                raise self.validation_error("too_many_login_attempts") from exc
            self._attempts.append((limit, parts))

    def _rollback_login_failed_rl_usage(self):
        """Allauth's name for: that was no guess."""
        address = client_address(context.request)
        for limit, parts in self._attempts:
            limits.give_back(limit, *parts, bucket(address), address=address)

    def reauthenticate(self, user, password):
        return self.authenticate(context.request, email=user.email, password=password) == user


class FactorAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self):
        """A passkey is good on the platform and on every salon's host.

        Browsers want a name with a dot for that: on `localhost` a passkey stays on the host where it was made.
        """
        host = context.request.get_host().partition(":")[0]
        shared = "." in settings.PLATFORM_DOMAIN and f".{host}".endswith(f".{settings.PLATFORM_DOMAIN}")
        return {"id": settings.PLATFORM_DOMAIN if shared else host, "name": "Tithi"}

    def _get_site_name(self):
        """What authenticator apps call the account: it is the same one on every host."""
        return "Tithi"

    def generate_authenticator_name(self, user, type):
        return "My passkey"
