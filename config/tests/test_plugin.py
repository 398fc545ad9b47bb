"""The shared fixtures: what a test does, even commits, is not there in the next one."""

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from config import testing_restore
from tenants.models import Business, Membership, SchemaTemplate, User
from tenants.services import open_business

KEPT = (("nora", "active"), ("rosa", "active"))


def salons():
    return tuple(Business.objects.order_by("slug").values_list("slug", "status"))


def spoil(rosa, nora):
    """What a careless test may leave behind."""
    with tenant_context(rosa):
        AuditEntry.objects.create(at="2026-01-01T00:00Z", action="x", subject_type="x", subject_id="1")
    Business.objects.filter(pk=nora.pk).delete()
    User.objects.create_user("stray@example.com")
    open_business(slug="stray", name="Stray")
    connection.set_tenant(rosa)


def assert_clean():
    assert connection.schema_name == "public"
    assert salons() == KEPT
    assert sorted(User.objects.values_list("email", flat=True)) == ["owner@nora.test", "owner@rosa.test"]
    assert Membership.objects.count() == 2
    assert SchemaTemplate.objects.count() == 1
    for business in Business.objects.all():
        with tenant_context(business):
            assert AuditEntry.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'")
        assert cursor.fetchone() == (2,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(turn, rosa, nora):
    assert_clean()
    spoil(rosa, nora)


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_does_not_commit_is_gone_in_the_next(turn, rosa, nora):
    assert_clean()
    with tenant_context(nora):
        AuditEntry.objects.create(at="2026-01-01T00:00Z", action="x", subject_type="x", subject_id="1")
    Business.objects.update(status="paused")


@pytest.mark.django_db(transaction=True)
def test_restoring_leaves_the_counters_where_new_rows_fit(rosa, nora):
    testing_restore.restore()

    assert open_business(slug="one-more", name="x").domains.count() == 1


def test_the_salon_fixture_is_in_its_schema_also_after_a_request(salon, salon_client):
    salon_client.get("/health/live")

    assert connection.schema_name == salon.schema_name


def test_a_browser_of_one_salon_keeps_its_session_there(client_for, nora, member):
    client = client_for(nora, member("staff", nora))

    assert "_auth_user_id" in client.session
    session = client.session
    session["colour"] = "red"
    session.save()
    assert client.session["colour"] == "red"
    client.logout()
    assert "_auth_user_id" not in client.session
    assert connection.schema_name == "public"


def test_the_people_of_the_salon(rosa, owner, admin, staff, viewer):
    found = Membership.objects.filter(business=rosa).order_by("role").values_list("role", "user")

    assert list(found) == [("admin", admin.pk), ("owner", owner.pk), ("staff", staff.pk), ("viewer", viewer.pk)]
