"""API tokens, on a salon's host."""

from django.urls import path

from accounts.api_tokens import (
    api,
    schema,  # noqa: F401 -- describes these keys to drf-spectacular
)

app_name = "api-tokens"
urlpatterns = [
    path("api/v1/api-tokens", api.APITokens.as_view(), name="tokens"),
    path("api/v1/api-tokens/<uuid:pk>", api.OneAPIToken.as_view(), name="token"),
]
