"""The addresses at which a provider tells what became of a message: whose it is stands in the address, signed."""

from uuid import UUID

from django.core import signing
from django.db import connection
from django.urls import reverse

from tenants import hosts

SIGNER = {"salt": "messaging.callbacks", "sep": "."}


def status_url(message):
    """The absolute address for news of a message of the current salon."""
    return hosts.platform_url() + reverse("texts:status", args=[token_for(message)], urlconf="config.urls_platform")


def token_for(message):
    return signing.Signer(**SIGNER).sign_object([connection.schema_name, str(message.pk)])


def read(token):
    """(schema name, message id) out of one of our tokens. Raises ValueError for anything else."""
    try:
        schema_name, pk = signing.Signer(**SIGNER).unsign_object(token)
    except signing.BadSignature as exc:
        raise ValueError("not one of our tokens") from exc
    return schema_name, UUID(pk)
