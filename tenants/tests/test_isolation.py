"""Requests for two salons at once: nobody reads, remembers or is signed in where they are not."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = settings.PUBLIC_SCHEMA_URLCONF = "tenants.tests.urls"


def mark(business):
    with tenant_context(business):
        AuditEntry.objects.create(
            at=timezone.now(), actor_label=business.slug, action="x", subject_type="x", subject_id="1"
        )
        cache.set("whose", business.slug)


def test_a_session_of_one_salon_is_nobody_in_the_other(client_for, rosa, nora, member):
    person = member("staff")
    client = client_for(rosa, person)
    assert client.get("/").json()["user"] == str(person.pk)

    client.defaults["HTTP_HOST"] = nora.host

    assert client.get("/").json() == {"tenant": "nora", "schema": nora.schema_name, "user": "", "role": ""}


def test_a_session_of_the_platform_is_nobody_in_a_salon(client_for, rosa, member):
    client = client_for(None, member("staff"))
    assert client.get("/").json()["user"] != ""

    client.defaults["HTTP_HOST"] = rosa.host

    assert client.get("/").json()["user"] == ""


def test_a_role_is_the_one_in_this_salon(client_for, rosa, nora, member):
    person = member("owner")

    assert client_for(rosa, person).get("/").json()["role"] == "owner"
    assert client_for(nora, person).get("/").json()["role"] == ""


def test_a_salon_is_no_context_manager(rosa):
    with pytest.raises(TypeError), rosa:
        pass


def test_the_cache_of_one_salon_is_unknown_in_the_other(rosa, nora):
    mark(rosa)

    with tenant_context(nora):
        assert cache.get("whose") is None
    assert cache.get("whose") is None


@pytest.mark.django_db(transaction=True)
def test_thousands_of_interleaved_requests_see_their_own_salon_only(client_for, rosa, nora):
    mark(rosa)
    mark(nora)
    answers = {"rosa": set(), "nora": set()}

    def visit(first, second):
        for number in range(60):
            business = (first, second)[number % 2]
            answer = client_for(business).get("/labels/").json()
            answers[business.slug].add((*answer["labels"], answer["cached"]))
        connection.close()

    threads = [threading.Thread(target=visit, args=pair) for pair in [(rosa, nora), (nora, rosa)] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {"rosa": {("rosa",) * 5}, "nora": {("nora",) * 5}}
