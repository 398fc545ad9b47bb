from django.apps import AppConfig


class APITokensConfig(AppConfig):
    """Keys for programs that work for a salon; the table lives in the salon's own schema (decision 0027)."""

    name = "accounts.api_tokens"
    label = "api_tokens"
    verbose_name = "API tokens"
