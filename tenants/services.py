"""Opening a salon, and closing one for good: each with its row, its address and its schema in one transaction."""

import secrets

from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from tenants import grants, hosts, queries, slugs, template
from tenants.models import Business, Domain, Membership, ReleasedSlug, Role, TenantBilling

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
NAME_CONSTRAINTS = ("tenants_business_slug", "tenants_domain_domain")


def open_business(*, slug, name, owner=None, **fields):
    """A new Business with its address, billing, owner and schema, ready for its first row. All of it, or nothing.

    Raises slugs.SlugInvalid, SlugReserved or SlugTaken (with suggestions), template.TemplateOutdated.
    """
    slugs.validate(slug)
    with schema_context("public"):
        sql = template.statements()
        if queries.is_slug_blocked(slug):
            raise _taken(slug, fields)
        with transaction.atomic():
            business = _insert(slug, name, fields)
            if owner:
                Membership.objects.create(user=owner, business=business, role=Role.OWNER)
            _create_schema(business.schema_name, sql)
            _forget_on_commit(business)
    return business


def close_for_good(*, business, now):
    """Drop a salon with its schema, rows and address. Its name stays blocked for slugs.BLOCKED_FOR."""
    with schema_context("public"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{business.schema_name}" CASCADE')
        ReleasedSlug.objects.update_or_create(slug=business.slug, defaults={"released_at": now})
        _forget_on_commit(business)
        business.delete()


def _insert(slug, name, fields):
    schema_name = "t_" + "".join(secrets.choice(ALPHABET) for _ in range(16))
    try:
        with transaction.atomic():
            business = Business(slug=slug, name=name, schema_name=schema_name, **fields)
            business.save(force_insert=True)
            Domain.objects.create(domain=business.host, tenant=business, is_primary=True)
    except IntegrityError as exc:
        if (exc.__cause__.diag.constraint_name or "").startswith(NAME_CONSTRAINTS):
            raise _taken(slug, fields) from exc
        raise
    TenantBilling.objects.create(business=business)
    return business


def _taken(slug, fields):
    return slugs.SlugTaken(queries.free_slugs(slugs.ideas(slug, city=fields.get("city", "")))[:3])


def _create_schema(schema_name, sql):
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema_name}"')
    with schema_context(schema_name), connection.cursor() as cursor:
        cursor.execute(sql)
    grants.apply(schema_name)


def _forget_on_commit(business):
    # Earlier, another thread could look it up again before the commit and remember the old answer.
    transaction.on_commit(lambda host=business.host: hosts.forget(host))
