"""The lists that grow with a salon's years, in the admin and the dashboard, ask as often for 1,000 rows as for ten."""

from uuid import uuid4

import pytest
from django.urls import reverse

from config.tests.test_admin_lists import TABLE, Making, queries_of
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
#: model → what of a copy has to be its own
OWN = {
    "audit.auditentry": {},
    "bookings.booking": {"ref": "{:08d}", "client_key": None},
    "bookings.customer": {"email": "anna{}@example.org"},
    "messaging.message": {"dedupe_key": "copy-{}"},
    "payments.ledgerentry": {"stripe_id": "txn_{}"},
}
DASHBOARD = {
    "bookings.booking": "visits",
    "bookings.customer": "customers",
    "audit.auditentry": "trail",
    "messaging.message": "messages",
}


def copy(row, count, own):
    """So many more rows that differ in their keys alone."""
    model, names = type(row), [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(row, name) for name in names}
    copies = []
    for number in range(count):
        mine = {name: said.format(number) if said else said for name, said in own.items()}
        key = {} if model._meta.pk.get_internal_type() == "BigAutoField" else {"pk": uuid4()}
        copies.append(model(**key, **values | mine))
    model.objects.bulk_create(copies)


@pytest.mark.parametrize("label", OWN)
def test_a_thousand_rows_are_asked_for_like_ten(label, salon, owner, client_for):
    making, client = Making(salon), client_for(salon, owner)
    first = TABLE[label](making, 0)
    paths = [f"/admin/{label.replace('.', '/')}/"]
    if label in DASHBOARD:
        paths.append(reverse(f"dashboard:{DASHBOARD[label]}", urlconf="config.urls_salon"))
    copy(first, 9, OWN[label])
    for path in paths:
        client.get(path)  # what a process reads once

    ten = [queries_of(client, path) for path in paths]
    type(first).objects.exclude(pk=first.pk).delete()
    copy(first, 999, OWN[label])

    assert type(first).objects.count() == 1000
    assert [queries_of(client, path) for path in paths] == ten
