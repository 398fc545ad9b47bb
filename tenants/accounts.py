"""How allauth behaves here: one account for the platform and every salon."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import connection
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened on the platform; a salon's host only signs in."""
        return connection.schema_name == "public"

    def get_login_redirect_url(self, request):
        """A salon's people go to work; everybody else home."""
        return (
            reverse("admin:index") if getattr(request, "membership", None) else super().get_login_redirect_url(request)
        )
