"""Everything a salon has written, to take along: all of it, nobody else's, and no key."""

import csv
import io
import json
import re
import zipfile

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_service
from giftcards import codes
from giftcards.tests.making import make_card
from messaging.models import Message
from onboarding.leaving import export
from onboarding.leaving.kept_back import LEFT_OUT
from tenants.template import tenant_labels

NOW = timezone.now()
#: What a field with a key in it is called. `code_tail` is printed on receipts, `currency_code` is none.
SUSPECT = re.compile(r"code|key|token|secret|digest|hash|password")
HARMLESS = {"code_tail", "currency_code", "decline_code", "digest_at", "digest_id", "response_code"}


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def take(owner):
    def archive(business):
        with export.write_archive(business=business, by=actors.user(owner), now=NOW) as file:
            found = zipfile.ZipFile(io.BytesIO(file.read()))
        return {name: found.read(name) for name in found.namelist()}

    return archive


def furnish(business, canary):
    with tenant_context(business):
        service = make_service(f"{canary} cut")
        make_member(canary, performs=[service])
        make_customer(f"{canary} Customer", f"{canary}@x.example", notes=f"{canary} notes")
        make_booking(business, service, at(business))
        card = make_card(recipient_name=canary)
        Message.objects.create(dedupe_key=canary, kind="x", recipient="x@x.example", text=f"link {canary}", due_at=NOW)
    default_storage.save(f"{business.schema_name}/pictures/{canary}.webp", ContentFile(canary.encode()))
    return card


def test_every_table_of_a_salon_was_decided_about():
    """A new table stands in LEFT_OUT before anybody can take it along."""
    every = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in tenant_labels()
    }

    assert set(LEFT_OUT) == every


def test_every_field_that_sounds_like_a_key_is_left_out():
    given = {f"{model._meta.label}.{field.name}" for model, fields in export.tables() for field in fields}

    assert {name for name in given if SUSPECT.search(name.rpartition(".")[2])} == {
        name for name in given if name.rpartition(".")[2] in HARMLESS
    }


def test_what_is_left_out_exists():
    for label, names in LEFT_OUT.items():
        fields = {field.name for field in apps.get_model(label)._meta.concrete_fields} if names else set()
        assert set(names or ()) <= fields


def test_a_table_nobody_decided_about_is_an_error(monkeypatch):
    monkeypatch.delitem(LEFT_OUT, "bookings.Customer")

    with pytest.raises(KeyError):
        list(export.tables())


def test_the_file_has_everything_twice(rosa, take):
    furnish(rosa, "canary")

    found = take(rosa)

    rows = json.loads(found["json/bookings.customer.json"])
    assert {row["notes"] for row in rows} == {"canary notes", ""}
    sheet = list(csv.DictReader(io.StringIO(found["csv/bookings.customer.csv"].decode())))
    assert [row["id"] for row in sheet] == [row["id"] for row in rows]
    assert {name.partition("/")[2].removesuffix(".csv") for name in found if name.startswith("csv/")} == {
        label.lower() for label, names in LEFT_OUT.items() if names is not None
    }
    assert found["files/pictures/canary.webp"] == b"canary"
    salon = json.loads(found["salon.json"])
    assert (salon["name"], [row["role"] for row in salon["memberships"]]) == ("Rosa Studio", ["owner"])
    assert b"Rosa Studio, everything as of" in found["README.txt"]


def test_nothing_of_another_salon_is_in_it(rosa, nora, take):
    furnish(rosa, "ours")
    furnish(nora, "thecanary")

    everything = b"\n".join(take(rosa).values()) + "".join(take(rosa)).encode()

    assert b"ours" in everything
    for theirs in (b"thecanary", nora.schema_name.encode(), str(nora.pk).encode(), b"owner@nora.test"):
        assert theirs not in everything


def test_no_key_is_in_it(rosa, owner, take):
    card = furnish(rosa, "canary")
    owner.set_password("correct horse battery")
    owner.save()

    everything = b"\n".join(take(rosa).values()).decode()

    code = codes.code_of(card.pk)
    assert code not in everything
    assert codes.shown(code) not in everything
    assert card.code_digest not in everything
    assert owner.password not in everything
    assert "link canary" not in everything
    assert rosa.schema_name not in everything


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_cell_is_no_formula(rosa, take, name):
    with tenant_context(rosa):
        make_customer(name)

    found = take(rosa)

    (row,) = csv.DictReader(io.StringIO(found["csv/bookings.customer.csv"].decode(), newline=""))
    assert row["display_name"] == f"'{name}"
    assert json.loads(found["json/bookings.customer.json"])[0]["display_name"] == name


def test_an_empty_table_is_an_empty_list(rosa, take):
    assert json.loads(take(rosa)["json/payments.payment.json"]) == []


def test_who_took_it_stands_in_the_trail(rosa, owner, take):
    take(rosa)

    with tenant_context(rosa):
        assert list(AuditEntry.objects.values_list("action", "actor_id")) == [("salon.exported", owner.pk)]


def test_queries_do_not_grow_with_the_rows(rosa, owner, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            export.write_archive(business=rosa, by=actors.user(owner), now=NOW).close()
        return len(found)

    before = count()
    furnish(rosa, "canary")

    assert count() == before
