"""Which salons have work: asked of many in one statement, so that a sweep queues nothing for those that have none.

The question is the very queryset that the salon's task works through, put to the tables of every schema. It must be
served by an index: it is asked of every salon each time.
"""

import re
from functools import cache

import structlog
from django.apps import apps
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, ProgrammingError, connection, transaction
from django_tenants.utils import schema_context

from tenants.models import Business

logger = structlog.get_logger("tithi.sweeping")

PUBLIC = "public"
#: Salons asked in one statement: each of their tables and indexes is locked by it.
AT_ONCE = 200
#: A statement of that many takes some hundredths of a second.
PATIENCE_MS = 5_000
#: A table's name after FROM or JOIN, and not the column in EXTRACT(… FROM "table"."column").
TABLE = re.compile(r'\b(FROM|JOIN) "([a-z0-9_]+)"(?!\.)')


def salons_with_work(work, *, likely=None, alike=lambda business: None):
    """Schema names of the salons where one of the querysets `work(business)` finds a row; ended salons are asked too.

    `likely(business)`: plainer querysets, one of which finds a row wherever `work` does: only where they do is `work`
    asked about, which takes long to plan where tables are joined.
    `alike(business)`: salons for which it answers the same are asked the same, and both are called once for them.
    A salon whose tables are not as they should be is logged and left out; one that cannot be asked now counts as
    having work.
    """
    with schema_context(PUBLIC):
        groups = {}
        for business in Business.objects.select_related("billing").order_by("pk"):
            groups.setdefault(alike(business), []).append(business)
        found = []
        for businesses in groups.values():
            names = [business.schema_name for business in businesses]
            for asked in filter(None, (likely, work)):
                names = _ask_all(_questions(asked(businesses[0])), names)
            found += names
    return found


def _ask_all(questions, names):
    if not questions:
        return []
    found = []
    for first in range(0, len(names), AT_ONCE):
        found += _ask(questions, names[first : first + AT_ONCE])
    return found


def _questions(querysets):
    """(statement, parameters) of each: does it find a row? What can find nothing is left out."""
    found = []
    for queryset in querysets:
        try:
            found.append(queryset.query.exists().get_compiler(queryset.db).as_sql())
        except EmptyResultSet:
            continue
    return found


def _ask(questions, names):
    try:
        return _answers(questions, names)
    except (OperationalError, ProgrammingError) as exc:
        if len(names) > 1:  # whichever of them it is, it must not keep the others waiting
            middle = len(names) // 2
            return _ask(questions, names[:middle]) + _ask(questions, names[middle:])
        logger.error("salon_not_asked", salon=names[0], error=type(exc.__cause__ or exc).__name__)
        return names if isinstance(exc, OperationalError) else []


def _answers(questions, names):
    branches, params = [], []
    for name in names:
        asked = " OR ".join(f"EXISTS ({_in_schema(text, name)})" for text, _ in questions)
        branches.append(f"SELECT %s WHERE {asked}")
        params += [name, *(value for _, values in questions for value in values)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
        cursor.execute(" UNION ALL ".join(branches), params)
        return [name for (name,) in cursor.fetchall()]


def _in_schema(text, schema_name):
    """The statement with every table named in full. Values are parameters: no text of anybody's is in it."""
    own, quoted = _tables_of_salons(), connection.ops.quote_name(schema_name).replace("%", "%%")

    def full(match):
        schema = quoted if match[2] in own else f'"{PUBLIC}"'
        return f'{match[1]} {schema}."{match[2]}"'

    return TABLE.sub(full, text)


@cache
def _tables_of_salons():
    names = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    models = apps.get_models(include_auto_created=True)
    return frozenset(model._meta.db_table for model in models if model._meta.app_label in names)
