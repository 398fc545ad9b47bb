"""A salon's name on the web, changed: the old one leads to the new one for a while, or is free at once."""

from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from tenants import slugs
from tenants.models import Business, ClaimedSlug, Domain, ReleasedSlug, host_of
from tenants.services import names


def change_slug(*, business, slug, now, keep_old):
    """Give a salon another name; returns it as it is then. Asked for the name it has, nothing changes.

    With `keep_old` (a salon that was published) the old address redirects here and nobody else gets the name for
    slugs.BLOCKED_FOR; the salon itself may take it back. Without, address and name are free at once.
    Raises slugs.SlugInvalid, SlugReserved or SlugTaken (with suggestions); nothing is changed then.
    """
    slugs.validate(slug)
    with schema_context("public"), transaction.atomic():
        business = Business.objects.select_for_update().get(pk=business.pk)
        if slug != business.slug:
            _move(business, slug, now, keep_old)
    return business


def drop_old_addresses(*, now):
    """Old addresses stop leading to their salons once their names are free again; returns the hosts."""
    with schema_context("public"), transaction.atomic():
        released = list(ReleasedSlug.objects.select_for_update().filter(released_at__lte=now - slugs.BLOCKED_FOR))
        dropped = Domain.objects.filter(domain__in=[host_of(row.slug) for row in released], is_primary=False)
        gone = list(dropped.values_list("domain", flat=True))
        dropped.delete()
        ReleasedSlug.objects.filter(pk__in=[row.pk for row in released]).delete()
        names.forget_on_commit(*gone)
    return gone


def _move(business, slug, now, keep_old):
    old = business.slug
    names.lock(old, slug)
    names.refuse_taken(slug, business_id=business.pk, city=business.city)
    try:
        with transaction.atomic():
            _give(business, slug)
    except IntegrityError as exc:
        if names.is_about_a_name(exc):
            raise names.taken(slug, city=business.city) from exc
        raise
    if keep_old:
        ReleasedSlug.objects.update_or_create(slug=old, defaults={"released_at": now})
    else:
        Domain.objects.filter(domain=host_of(old), tenant=business).delete()
    names.forget_on_commit(host_of(old), business.host)


def _give(business, slug):
    business.slug = slug
    business.save(update_fields=["slug"])
    business.domains.filter(is_primary=True).update(is_primary=False)
    # One of its own old addresses may be there already.
    Domain.objects.filter(domain=business.host, tenant=business).delete()
    Domain.objects.create(domain=business.host, tenant=business, is_primary=True)
    ReleasedSlug.objects.filter(slug=slug).delete()
    ClaimedSlug.objects.filter(slug=slug, business_id=business.pk).delete()
