"""A new salon: equal to a migrated one, one winner for a name, all of it or nothing, and independent of the first."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from audit.models import AuditEntry
from tenants import services, slugs, template
from tenants.models import Business, Domain, Membership, ReleasedSlug, SchemaTemplate, TenantBilling
from tenants.tests.catalogue import describe


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'")
        return {name for (name,) in cursor.fetchall()}


def counts():
    return [model.objects.count() for model in (Business, Domain, TenantBilling, Membership)] + [len(schemas())]


def open_two(first, second):
    """Open both at once; the businesses, and the errors."""
    opened, errors, start = [], [], threading.Barrier(2)

    def work(slug):
        start.wait()
        try:
            opened.append(services.open_business(slug=slug, name=slug).slug)
        except slugs.SlugTaken as exc:
            errors.append(exc.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(slug,)) for slug in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(opened), errors


def test_a_new_salon_has_address_billing_owner_and_schema(rosa, member):
    person = member("viewer")

    business = services.open_business(slug="new-salon", name="New", owner=person, country="FR", city="Lyon")

    assert business.schema_name[:2] == "t_"
    assert len(business.schema_name) == 18
    assert business.schema_name in schemas()
    assert list(business.domains.values_list("domain", "is_primary")) == [(business.host, True)]
    assert business.billing.stripe_account_id is None
    assert list(business.memberships.values_list("user", "role")) == [(person.pk, "owner")]
    assert (business.status, business.country, business.city) == ("onboarding", "FR", "Lyon")
    with schema_context(business.schema_name):
        assert AuditEntry.objects.count() == 0


def test_opening_leaves_the_caller_where_he_was(salon):
    services.open_business(slug="new-salon", name="New")

    assert connection.schema_name == salon.schema_name


def test_a_replayed_schema_equals_a_migrated_one(rosa):
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA t_migrated")
    template.migrate("t_migrated")
    business = services.open_business(slug="new-salon", name="New")

    assert describe(business.schema_name) == describe("t_migrated")
    assert len(describe("t_migrated")) > 300


@pytest.mark.parametrize(
    ("slug", "error"),
    [
        ("ab", slugs.SlugInvalid),
        ("a" * 41, slugs.SlugInvalid),
        ("-salon", slugs.SlugInvalid),
        ("salon-", slugs.SlugInvalid),
        ("Salon", slugs.SlugInvalid),
        ("sa lon", slugs.SlugInvalid),
        ("sa.lon", slugs.SlugInvalid),
        ("sa_lon", slugs.SlugInvalid),
        ("salön", slugs.SlugInvalid),
        ("salon\n", slugs.SlugInvalid),
        ('t"; --', slugs.SlugInvalid),
        ("", slugs.SlugInvalid),
        ("xn--salon", slugs.SlugInvalid),
        ("www", slugs.SlugReserved),
        ("api", slugs.SlugReserved),
        ("admin", slugs.SlugReserved),
        ("stripe", slugs.SlugReserved),
        ("billing", slugs.SlugReserved),
        ("rosa", slugs.SlugTaken),
    ],
)
def test_a_name_that_cannot_be_had_is_refused_and_nothing_is_made(rosa, slug, error):
    before = counts()

    with pytest.raises(error) as refusal:
        services.open_business(slug=slug, name="x")

    assert type(refusal.value) is error
    assert counts() == before


@pytest.mark.parametrize("slug", ["abc", "a" * 40, "salon-24", "24-salon", "a--b"])
def test_ordinary_names_are_accepted(rosa, slug):
    assert services.open_business(slug=slug, name="x").host.startswith(f"{slug}.")


def test_a_taken_name_comes_with_free_ones(rosa):
    services.open_business(slug="rosa-studio", name="x")

    with pytest.raises(slugs.SlugTaken) as refusal:
        services.open_business(slug="rosa", name="x", city="Zürich")

    assert refusal.value.suggestions == ["rosa-zurich", "rosa-salon", "the-rosa"]


def test_somebody_elses_own_domain_is_taken_too(rosa, nora):
    host = Business(slug="new-salon").host
    Domain.objects.create(domain=host, tenant=nora, is_primary=False)

    with pytest.raises(slugs.SlugTaken):
        services.open_business(slug="new-salon", name="x")


def test_other_broken_constraints_are_not_called_a_taken_name(rosa):
    with pytest.raises(IntegrityError), transaction.atomic():
        services.open_business(slug="new-salon", name="x", slot_step_min=1)


def test_without_a_template_of_todays_migrations_nothing_is_opened(rosa, monkeypatch):
    SchemaTemplate.objects.update(digest="of yesterday")
    before = counts()

    with pytest.raises(template.TemplateOutdated):
        services.open_business(slug="new-salon", name="x")

    assert counts() == before


def test_building_the_template_again_changes_nothing(rosa):
    before = list(SchemaTemplate.objects.values_list("digest", "sql"))

    assert template.build() is False
    SchemaTemplate.objects.all().delete()
    assert template.build() is True

    assert list(SchemaTemplate.objects.values_list("digest", "sql")) == before
    assert not any(name.startswith("t_template") for name in schemas())


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("CREATE VIEW x AS SELECT 1", "relation x"),
        ("CREATE SEQUENCE x", "free-standing sequence x"),
        ("CREATE TYPE x AS ENUM ('a')", "type x"),
        ("CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function x"),
        ("CREATE TABLE x (a int, b int GENERATED ALWAYS AS (a) STORED)", "column b"),
        ('CREATE TABLE x (a text COLLATE "C")', "column a"),
        ("CREATE TABLE x (a int); INSERT INTO x VALUES (1)", "rows of x"),
        ("CREATE TABLE x (a int) WITH (fillfactor = 50)", "relation x"),
        ("COMMENT ON TABLE audit_auditentry IS 'hear'", "comment hear"),
    ],
)
def test_what_the_template_would_lose_is_refused(rosa, statement, complaint):
    with schema_context(rosa.schema_name), connection.cursor() as cursor:
        cursor.execute(statement)

    with pytest.raises(template.TemplateCannotHold, match=f"^{complaint}$"):
        template._read(rosa.schema_name)


def test_the_webs_role_works_with_rows_and_cannot_rewrite_the_trail(rosa, settings):
    settings.DATABASE_WEB_ROLE = "pg_monitor"  # a role every server has
    business = services.open_business(slug="new-salon", name="x")

    def rights(table):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) r"
                " WHERE has_table_privilege('pg_monitor', %s, r)",
                [f'"{business.schema_name}".{table}'],
            )
            return [right for (right,) in cursor.fetchall()]

    assert rights("bookings_booking") == ["SELECT", "INSERT", "UPDATE", "DELETE"]
    assert rights("giftcards_giftcard") == ["SELECT", "INSERT", "UPDATE", "DELETE"]
    for only_added_to in ("audit_auditentry", "giftcards_giftcardentry", "payments_ledgerentry"):
        assert rights(only_added_to) == ["SELECT", "INSERT"]
    assert rights("django_migrations") == ["SELECT"]


def test_a_closed_salons_name_is_blocked_for_ninety_days(rosa):
    now = timezone.now()
    business = services.open_business(slug="new-salon", name="x")
    services.close_for_good(business=business, now=now)
    assert business.schema_name not in schemas()
    assert not Domain.objects.filter(domain=business.host).exists()

    with pytest.raises(slugs.SlugTaken):
        services.open_business(slug="new-salon", name="x")

    ReleasedSlug.objects.update(released_at=now - timedelta(days=90, seconds=1))
    assert services.open_business(slug="new-salon", name="x").schema_name != business.schema_name


def exclusions(business):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'x' AND connamespace = %s::regnamespace",
            [business.schema_name],
        )
        return cursor.fetchone()[0]


def test_deleting_the_first_salon_leaves_the_no_overlap_constraint_of_the_others(rosa, nora):
    services.close_for_good(business=rosa, now=timezone.now())

    assert exclusions(nora) == 2


def test_an_extension_in_the_first_salon_would_take_that_constraint_away(rosa, nora):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' AND connamespace = %s::regnamespace",
            [nora.schema_name],
        )
        (definition,) = cursor.fetchone()
        cursor.execute("DROP EXTENSION btree_gist CASCADE")
        cursor.execute(f'CREATE EXTENSION btree_gist SCHEMA "{rosa.schema_name}"')
        cursor.execute(f'ALTER TABLE "{nora.schema_name}".bookings_occupancy ADD CONSTRAINT no_overlap {definition}')
    assert exclusions(nora) == 1

    services.close_for_good(business=rosa, now=timezone.now())

    assert exclusions(nora) == 0


@pytest.mark.django_db(transaction=True)
def test_two_salons_open_at_once(rosa):
    assert open_two("first", "second") == (["first", "second"], [])


@pytest.mark.django_db(transaction=True)
def test_one_name_asked_for_twice_at_once_has_one_winner(rosa):
    before = counts()

    for number in range(5):
        assert open_two(f"name-{number}", f"name-{number}") == ([f"name-{number}"], ["subdomain_taken"])

    assert [after - was for after, was in zip(counts(), before, strict=True)] == [5, 5, 5, 0, 5]


KILLED = """
import django, os, sys
django.setup()
from tenants import services, template
template.statements = lambda real=template.statements: real() + "SELECT pg_sleep(2);"
services.open_business(slug="half-made", name="x")
"""


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_leaves_nothing(rosa):
    before = counts()
    with subprocess.Popen([sys.executable, "-c", KILLED], env=_environment()) as process:
        try:
            _wait_until(lambda: _sleepers() == 1)
        finally:
            process.kill()
    _wait_until(lambda: _sleepers() == 0)

    assert counts() == before
    assert services.open_business(slug="half-made", name="x").slug == "half-made"


def _environment():
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT'] or 5432}"
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@{address}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}


def _sleepers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        return cursor.fetchone()[0]


def _wait_until(reached):
    for _ in range(200):
        if reached():
            return
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.django_db(transaction=True)
def test_opening_takes_less_than_a_second(rosa):
    services.open_business(slug="warm-up", name="x")

    start = time.perf_counter()
    services.open_business(slug="new-salon", name="x")

    assert time.perf_counter() - start < 1
