"""Nobody rewrites the trail: not the web's database role (`tenants.grants`), and no code of ours under any other."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
#: What changes or removes rows that are there, or adds them past the service.
WRITERS = {"update", "delete", "bulk_update", "bulk_create", "create", "get_or_create", "update_or_create", "save"}


def sources():
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).parts
        if not {".venv", "var", "node_modules", "tests", "migrations"} & set(parts):
            yield "/".join(parts), ast.parse(path.read_text())


def written(tree):
    """Names of writing methods called somewhere behind `AuditEntry`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            names = {inner.id for inner in ast.walk(node.func) if isinstance(inner, ast.Name)}
            if "AuditEntry" in names:
                yield node.func.attr


def test_only_the_service_writes_the_trail_and_only_adds():
    found = {(path, verb) for path, tree in sources() for verb in written(tree)}

    assert found == {("audit/services.py", "create")}


def test_no_statement_of_ours_names_its_table_but_to_read():
    naming = {path for path, tree in sources() for text in _texts(tree) if "audit_auditentry" in text}

    # The bench fills a database of its own, as its owner.
    assert naming == {"audit/queries.py", "tenants/grants.py", "config/bench/desk.py"}


def _texts(tree):
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_what_is_written_otherwise_would_be_found():
    wrong = ast.parse("AuditEntry.objects.filter(pk=1).update(action='x')\nAuditEntry(pk=1).save()")

    assert sorted(written(wrong)) == ["save", "update"]
