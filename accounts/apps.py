from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People with a login: their mails and their pages. The tables live in `public`."""

    name = "accounts"

    def ready(self):
        from accounts import receivers  # noqa: F401 -- connects to signing in and out
        from accounts.models import AccountMessage
        from messaging.receivers import of_accounts

        of_accounts(AccountMessage)
