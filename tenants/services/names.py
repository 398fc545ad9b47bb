"""What opening and moving a salon share: one name is given to one salon, whoever else asks at the same time."""

from django.db import connection, transaction

from tenants import hosts, queries, slugs

#: What the database says when two were faster than our questions.
NAME_CONSTRAINTS = ("tenants_business_slug", "tenants_domain_domain")


def lock(*names):
    """Until the transaction ends nobody else gives, takes or promises one of these names.

    Always in one order: two salons that trade names would wait for each other otherwise.
    """
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('slug:' || %s, 0))", [name])


def refuse_taken(slug, *, business_id=None, city=""):
    """Raise SlugTaken unless the salon of `business_id`, there or to come, may have the name."""
    if queries.is_slug_blocked(slug, business_id=business_id) or queries.is_slug_claimed(slug, business_id=business_id):
        raise taken(slug, city=city)


def taken(slug, *, city=""):
    return slugs.SlugTaken(queries.free_slugs(slugs.ideas(slug, city=city))[:3])


def is_about_a_name(error):
    return (error.__cause__.diag.constraint_name or "").startswith(NAME_CONSTRAINTS)


def forget_on_commit(*names):
    # Earlier, another thread could look one up again before the commit and remember the old answer.
    for name in names:
        transaction.on_commit(lambda host=name: hosts.forget(host))
