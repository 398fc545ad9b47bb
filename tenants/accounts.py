"""How allauth behaves here: one account for the platform and every salon."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import connection


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened on the platform; a salon's host only signs in."""
        return connection.schema_name == "public"
