from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People with a login: their mails and their pages. The tables live in `public`."""

    name = "accounts"
