"""Opening a salon: its row, its address and its schema in one transaction."""

import secrets

from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context

from tenants import grants, queries, slugs, template
from tenants.models import Business, ClaimedSlug, Domain, Membership, Role, TenantBilling
from tenants.services import names

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def open_business(*, slug, name, owner=None, **fields):
    """A new Business with its address, billing, owner and schema, ready for its first row. All of it, or nothing.

    A name that is claimed is for the salon of that id (`id=`) only; opening uses the claim up.
    Raises slugs.SlugInvalid, SlugReserved or SlugTaken (with suggestions), template.TemplateOutdated.
    """
    slugs.validate(slug)
    with schema_context("public"):
        sql = template.statements()
        with transaction.atomic():
            names.lock(slug)
            names.refuse_taken(slug, business_id=fields.get("id"), city=fields.get("city", ""))
            business = _insert(slug, name, fields)
            ClaimedSlug.objects.filter(business_id=business.pk).delete()
            if owner:
                Membership.objects.create(user=owner, business=business, role=Role.OWNER)
            _create_schema(business.schema_name, sql)
            names.forget_on_commit(business.host)
    return business


def claim_slug(*, slug, business_id, now):
    """Promise a name to the salon that will have the id `business_id`; what it was promised before is given back.

    Raises slugs.SlugInvalid, SlugReserved or SlugTaken (with suggestions).
    """
    slugs.validate(slug)
    with schema_context("public"), transaction.atomic():
        names.lock(slug)
        names.refuse_taken(slug, business_id=business_id)
        ClaimedSlug.objects.filter(business_id=business_id).delete()
        if not queries.free_slugs([slug]):
            raise names.taken(slug)
        ClaimedSlug.objects.create(slug=slug, business_id=business_id, claimed_at=now)


def give_names_back(*, business_ids):
    """Names that were promised to salons which will not come are free at once."""
    ClaimedSlug.objects.filter(business_id__in=business_ids).delete()


def _insert(slug, name, fields):
    schema_name = "t_" + "".join(secrets.choice(ALPHABET) for _ in range(16))
    try:
        with transaction.atomic():
            business = Business(slug=slug, name=name, schema_name=schema_name, **fields)
            business.save(force_insert=True)
            Domain.objects.create(domain=business.host, tenant=business, is_primary=True)
    except IntegrityError as exc:
        if names.is_about_a_name(exc):
            raise names.taken(slug, city=fields.get("city", "")) from exc
        raise
    TenantBilling.objects.create(business=business)
    return business


def _create_schema(schema_name, sql):
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema_name}"')
    with schema_context(schema_name), connection.cursor() as cursor:
        cursor.execute(sql)
    grants.apply(schema_name)
