"""What the web's own database role may do: work with rows, and only add to trails and ledgers. It makes no schema."""

from django.conf import settings
from django.db import connection

#: Tables the web adds to and never changes, by schema kind.
APPEND_ONLY = {
    "salon": ("audit_auditentry", "giftcards_giftcardentry", "payments_ledgerentry"),
    "public": ("credits_creditentry", "operators_operatorentry"),
}
#: Tables only deployments write.
READ_ONLY = {"salon": ("django_migrations",), "public": ("django_migrations", "tenants_schematemplate")}


def apply(schema_name):
    """Give the role of DATABASE_WEB_ROLE its rights on a schema's present tables; nothing where none is set."""
    if settings.DATABASE_WEB_ROLE:
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(_statements(schema_name)))


def missing():
    """Schemas of salons the role cannot enter yet: made before it was named. Call in `public`."""
    if not settings.DATABASE_WEB_ROLE:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schema_name FROM tenants_business WHERE NOT has_schema_privilege(%s, schema_name, 'USAGE')",
            [settings.DATABASE_WEB_ROLE],
        )
        return [name for (name,) in cursor.fetchall()]


def _statements(schema_name):
    role = connection.ops.quote_name(settings.DATABASE_WEB_ROLE)
    kind = "public" if schema_name == "public" else "salon"
    yield f'GRANT USAGE ON SCHEMA "{schema_name}" TO {role}'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema_name}" TO {role}'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "{schema_name}" TO {role}'
    for rights, tables in (("UPDATE, DELETE", APPEND_ONLY[kind]), ("INSERT, UPDATE, DELETE", READ_ONLY[kind])):
        for table in tables:
            yield _revoke(rights, f'"{schema_name}".{table}', role)


def _revoke(rights, table, role):
    """Take rights back where the table is there: a later migration of the same rollout may be the one that makes it."""
    return (
        f"DO $$ BEGIN IF to_regclass('{table}') IS NOT NULL THEN REVOKE {rights} ON {table} FROM {role}; END IF; END $$"
    )
