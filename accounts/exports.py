"""Everything stored about a person, as plain values: for them to take along."""

from django_tenants.utils import schema_context, tenant_context

from accounts import traces
from accounts.models import AccountMessage, Invitation
from audit.admin import plain
from tenants.models import Departure

#: Keys to an account are no data about its person; whoever holds the file would hold the account.
SECRETS = {"password", "data", "token", "token_secret", "jti", "token_digest", "digest", "key", "secret", "session_key"}


def everything_about(user):
    """{"account": …, "records": {table: rows}, "departures": …, "invitations": …, "mails": …, "salons": …}; the last
    are {name: {table: rows}}."""
    with schema_context("public"):
        found = {
            "account": row_of(user),
            "records": _records(user),
            "departures": [row_of(row) for row in Departure.objects.filter(asked_by=user.pk)],
            "invitations": [row_of(row) for row in _invitations(user)],
            "mails": list(_mails(user)),
        }
        salons = list(traces.salons_of(user))
    return found | {"salons": {f"{salon.name} ({salon.slug})": _in_salon(salon, user) for salon in salons}}


def row_of(row):
    """A row's own values, keys left out."""
    return {
        field.name: plain(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in SECRETS
    }


def _records(user):
    """Rows of `public` that point at the person, rows that point at those, and so on."""
    records = {}
    _add_related(records, user._meta.model, [user])
    return records


def _add_related(records, model, rows):
    for child, link in traces.related(model):
        if pointing := list(child._default_manager.filter(**{f"{link}__in": rows})):
            _add(records, child, pointing)
            _add_related(records, child, pointing)


def _add(records, model, rows):
    if rows := [row_of(row) for row in rows]:
        records.setdefault(model._meta.label_lower, []).extend(rows)


def _invitations(user):
    return Invitation.objects.filter(email=user.email)


def _mails(user):
    mails = AccountMessage.objects.filter(recipient=user.email).order_by("created_at")
    return [{"kind": mail.kind, "subject": mail.subject, "created_at": plain(mail.created_at)} for mail in mails]


def _in_salon(salon, user):
    with tenant_context(salon):
        records = {}
        for model, name in traces.id_fields():
            _add(records, model, model._default_manager.filter(**{name: user.pk}))
        return records
