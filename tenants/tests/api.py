"""A program that calls the API of one host."""

import json

import pytest

from config.testing_client import HostClient
from tenants.api import tokens

PASSWORD = "correct horse battery"
ELSEWHERE = "203.0.113.7"


# `collectstatic` is for production only.
NO_STATIC = pytest.mark.filterwarnings("ignore:No directory at")


class Api:
    """`api.post(path, body)` with a bearer token, if it has one; answers are Django's, with `.json()`."""

    def __init__(self, business, *, token="", address="127.0.0.1"):
        self.client = HostClient.opened(business)
        self.token = token
        self.address = address

    def get(self, path, **query):
        return self.client.get(path, query, headers=self._headers(), REMOTE_ADDR=self.address)

    def post(self, path, body=None, **headers):
        return self._send("post", path, body, headers)

    def put(self, path, body=None):
        return self._send("put", path, body, {})

    def patch(self, path, body=None):
        return self._send("patch", path, body, {})

    def delete(self, path):
        return self._send("delete", path, None, {})

    def _send(self, method, path, body, headers):
        text = body if isinstance(body, (str, bytes)) else json.dumps(body or {})
        return getattr(self.client, method)(
            path,
            text,
            content_type="application/json",
            headers=self._headers() | headers,
            REMOTE_ADDR=self.address,
        )

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def signed_in(business, user):
    """An Api with a token of `user` for the host of `business`."""
    return Api(business, token=tokens.issue(user=user, business=business)["access"])


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """Hashing takes a third of a second on purpose; hundreds of tests sign somebody in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
