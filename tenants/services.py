"""Opening a salon: its row, its address, its owner and its schema in one transaction."""

import secrets

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from tenants import hosts, slugs, template
from tenants.models import Business, Domain, Membership, Role, TenantBilling

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def open_business(*, slug, name, owner=None, **fields):
    """A new Business with its schema, ready for its first row. All of it, or nothing.

    Raises slugs.SlugInvalid, SlugReserved or SlugTaken (with suggestions), template.TemplateOutdated.
    """
    slugs.validate(slug)
    sql = template.statements()
    with transaction.atomic():
        business = _insert(slug, name, fields)
        _create_schema(business.schema_name, sql)
        if owner:
            Membership.objects.create(user=owner, business=business, role=Role.OWNER)
    hosts.forget(business.host)
    return business


def _insert(slug, name, fields):
    schema_name = "t_" + "".join(secrets.choice(ALPHABET) for _ in range(16))
    try:
        with transaction.atomic():
            business = Business(slug=slug, name=name, schema_name=schema_name, **fields)
            business.save(force_insert=True)
            Domain.objects.create(domain=business.host, tenant=business, is_primary=True)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name.startswith(("tenants_business_slug", "tenants_domain_domain")):
            raise slugs.SlugTaken(slugs.suggestions(slug, city=fields.get("city", ""))) from exc
        raise
    TenantBilling.objects.create(business=business)
    return business


def _create_schema(schema_name, sql):
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema_name}"')
    with schema_context(schema_name), connection.cursor() as cursor:
        cursor.execute(sql)
        if settings.DATABASE_WEB_ROLE:
            cursor.execute(grants(schema_name))


def grants(schema_name):
    """What the web's database role may do in a schema: work with rows, and only add to the audit trail."""
    role = connection.ops.quote_name(settings.DATABASE_WEB_ROLE)
    lines = [
        f'GRANT USAGE ON SCHEMA "{schema_name}" TO {role}',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema_name}" TO {role}',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "{schema_name}" TO {role}',
    ]
    if schema_name != "public":
        lines.append(f'REVOKE UPDATE, DELETE ON "{schema_name}".audit_auditentry FROM {role}')
        lines.append(f'REVOKE INSERT, UPDATE, DELETE ON "{schema_name}".django_migrations FROM {role}')
    return "; ".join(lines)


def close_for_good(business):
    """Drop a salon's schema and its shared rows in one transaction. No other salon notices."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{business.schema_name}" CASCADE')
        business.delete()
    hosts.forget(business.host)
