"""System checks that keep salons apart: what may point where, and what a salon's migration may make."""

import re

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.operations import CreateExtension
from django.core.checks import Error, register
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

from tenants.template import tenant_labels

#: Apps whose tables exist in every schema: sessions of one salon must be unknown to the next.
IN_BOTH = {"django.contrib.sessions"}
SALON_AWARE_KEYS = "django_tenants.cache.make_key"
FORBIDDEN_SQL = re.compile(r"\bCREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?(TRIGGER|EXTENSION)\b", re.I)


@register
def check_isolation(app_configs=None, **kwargs):
    return [*app_lists(), *references(), *migrations(), *cache_keys()]


def app_lists():
    """Sessions in both lists, everything else in one."""
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    for name in sorted(both - IN_BOTH):
        yield Error(f"{name} has tables both in public and in every salon.", id="tenants.E001")
    for name in sorted(IN_BOTH - both):
        yield Error(f"{name} must be in SHARED_APPS and TENANT_APPS.", id="tenants.E002")


def references(models=None):
    """No relation leaves a salon's schema: a dump, a move or the deletion of a user would break on it."""
    for model in apps.get_models(include_auto_created=True) if models is None else models:
        if not _is_salons(model):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and field.concrete else None
            if target not in (None, "self") and not _is_salons(target):
                yield Error(
                    f"{model._meta.label}.{field.name} points at {target._meta.label} in public.",
                    hint="Keep a plain id and look it up.",
                    obj=model,
                    id="tenants.E003",
                )


def migrations(labels=None):
    """Extensions would live and die with the first salon; triggers are lost by the template and by a move."""
    labels = tenant_labels() if labels is None else labels
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if app in labels:
            for problem in _problems(migration.operations):
                yield Error(f"{app}.{name} {problem} in a salon's schema.", id="tenants.E004")


def cache_keys():
    for alias, options in settings.CACHES.items():
        if options.get("KEY_FUNCTION") != SALON_AWARE_KEYS:
            yield Error(f"Cache {alias!r} shares its keys between salons.", id="tenants.E005")


def _problems(operations):
    for operation in operations:
        if isinstance(operation, CreateExtension):
            yield "creates an extension"
        if isinstance(operation, RunSQL) and FORBIDDEN_SQL.search(_text(operation.sql)):
            yield "creates a trigger or an extension"
        yield from _problems(getattr(operation, "database_operations", ()))


def _text(sql):
    return sql if isinstance(sql, str) else " ".join(part if isinstance(part, str) else part[0] for part in sql)


def _is_salons(model):
    return model._meta.app_label in tenant_labels()
