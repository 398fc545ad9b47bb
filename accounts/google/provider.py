"""What is asked of Google, and what of its answer is kept."""

import secrets

from allauth.socialaccount.providers.google.provider import GoogleProvider as AllauthsGoogleProvider

from accounts.google.openid import GoogleOAuth2Adapter


class GoogleProvider(AllauthsGoogleProvider):
    oauth2_adapter_class = GoogleOAuth2Adapter
    supports_token_authentication = False

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        """Off to Google; `nonce` comes back inside the signed statement, and only this browser's session knows it."""
        nonce = secrets.token_urlsafe(16)
        kwargs["auth_params"] = self.get_auth_params() | {"nonce": nonce}
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def get_scope_from_request(self, request):
        """Never what stands in an address that somebody followed."""
        return self.get_scope()

    def get_auth_params_from_request(self, request, action):
        return self.get_auth_params()

    def extract_extra_data(self, data):
        """Of the statement, the address by which people recognise the account."""
        return {"email": data.get("email", "")}


provider_classes = [GoogleProvider]
