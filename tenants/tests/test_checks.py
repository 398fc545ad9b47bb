"""The checks speak up when isolation would be lost, and are silent today."""

import pytest
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.test.utils import isolate_apps

from audit.models import AuditEntry
from tenants import checks
from tenants.models import User


def ids(found):
    return [error.id for error in found]


def test_the_project_passes():
    assert checks.check_isolation() == []


@pytest.mark.parametrize(
    ("shared", "salons", "found"),
    [
        (["django.contrib.sessions", "a"], ["django.contrib.sessions", "b"], []),
        (["django.contrib.sessions", "a"], ["django.contrib.sessions", "a"], ["tenants.E001"]),
        (["django.contrib.sessions"], [], ["tenants.E002"]),
        ([], ["django.contrib.sessions"], ["tenants.E002"]),
    ],
)
def test_app_lists(settings, shared, salons, found):
    settings.SHARED_APPS, settings.TENANT_APPS = shared, salons

    assert ids(checks.app_lists()) == found


@isolate_apps("audit")
@pytest.mark.parametrize("kind", [models.ForeignKey, models.OneToOneField])
def test_a_foreign_key_out_of_the_salon_is_found(kind):
    class Note(models.Model):
        author = kind(User, models.CASCADE, related_name="+")

        class Meta:
            app_label = "audit"

    found = list(checks.references([Note]))

    assert ids(found) == ["tenants.E003"]
    assert found[0].msg == "audit.Note.author points at tenants.User in public."


@isolate_apps("audit")
def test_a_plain_id_and_a_key_within_the_salon_pass():
    class Reply(models.Model):
        about = models.ForeignKey(AuditEntry, models.CASCADE, related_name="+")
        answer_to = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
        author_id = models.UUIDField()

        class Meta:
            app_label = "audit"

    assert list(checks.references([Reply])) == []


@pytest.mark.parametrize(
    ("operation", "problems"),
    [
        (BtreeGistExtension(), ["creates an extension"]),
        (migrations.RunSQL("CREATE EXTENSION citext"), ["creates a trigger or an extension"]),
        (migrations.RunSQL("create or replace trigger x after insert on y"), ["creates a trigger or an extension"]),
        (migrations.RunSQL([("CREATE CONSTRAINT TRIGGER x", None)]), ["creates a trigger or an extension"]),
        (
            migrations.SeparateDatabaseAndState(database_operations=[BtreeGistExtension()]),
            ["creates an extension"],
        ),
        (migrations.RunSQL("CREATE TABLE x (y int)"), []),
        (migrations.RunSQL(migrations.RunSQL.noop), []),
    ],
)
def test_what_a_salons_migration_may_not_make(operation, problems):
    assert list(checks._problems([operation])) == problems


def test_migrations_of_the_shared_apps_show_that_the_check_can_see():
    assert ids(checks.migrations({"tenants"})) == ["tenants.E004"] * 2


def test_cache_keys_without_the_salon_are_found(settings):
    settings.CACHES = {"default": {"BACKEND": "x"}}

    assert ids(checks.cache_keys()) == ["tenants.E005"]
