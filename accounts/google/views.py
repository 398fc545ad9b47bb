"""The way to Google and back."""

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.db import IntegrityError
from django.views.decorators.http import require_POST, require_safe

from accounts.google.openid import GoogleOAuth2Adapter


class CallbackView(OAuth2CallbackView):
    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except IntegrityError as exc:  # the same person in two tabs at once: the other one was first
            return render_authentication_error(request, self.adapter.get_provider(), exception=exc)

    def _get_state(self, request, provider):
        """Allauth's hook: what this browser began, once."""
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


#: By a press on one of our pages: a followed link begins nothing.
login = require_POST(OAuth2LoginView.adapter_view(GoogleOAuth2Adapter))
callback = require_safe(CallbackView.adapter_view(GoogleOAuth2Adapter))
