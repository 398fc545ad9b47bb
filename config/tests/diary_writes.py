"""Finds, in the text of a module, where rows of the diary are written and where the engine is asked. Knows no Django."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "config", "operators", "directory", "onboarding", "dashboard", "webhooks", "memberships", "payments", "giftcards", "waitlist",
    "reviews", "bookings", "accounts", "messaging", "audit", "tenants",
)  # fmt: skip
#: Tests, the history of the tables, the made-up visits of the benchmarks and of `make chaos`; a program that knows no diary.
NOT_THE_PRODUCT = {"tests", "migrations", "bench", "chaos", "simulator"}

MODELS = {"Occupancy", "Seat", "GroupSession", "Booking", "BookingItem"}
#: What one reaches those rows by from another row.
MANAGERS = {"items", "seats", "occupancy", "sessions", "bookings", "booking_items"}
#: How one of those rows is called.
ROWS = re.compile(r"(.*_)?(booking|item|seat|session|occupancy)$")
VERBS = {
    verb
    for name in (
        "create",
        "bulk_create",
        "update",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "delete",
        "save",
    )
    for verb in (name, f"a{name}")
}
TABLES = re.compile(
    r'(insert\s+into|update|delete\s+from|truncate|merge\s+into)\s+(only\s+)?[\w".{}]*'
    r"bookings_(occupancy|seat|groupsession|booking|bookingitem)\b",
    re.IGNORECASE,
)


def modules():
    """The product's own modules as (path from the root, text)."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if not NOT_THE_PRODUCT & set(relative.parts):
                yield relative.as_posix(), path.read_text()


def writes_in(text):
    """The lines that write rows of the diary, each with what is written there."""
    tree = ast.parse(text)
    models = set(_models_in(tree))
    return [(node.lineno, ast.unparse(node)[:80]) for node in ast.walk(tree) if _writes(node, models)]


def _models_in(tree):
    """What the module calls the models: others may have values of the same names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bookings.models"):
            yield from (name.asname or name.name for name in node.names if name.name in MODELS)


def _writes(node, models):
    if isinstance(node, ast.JoinedStr):
        return bool(TABLES.search(ast.unparse(node)))
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(TABLES.search(node.value))
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in VERBS:
        return _reaches_rows(node.func.value, models)
    made = ast.unparse(node.func)
    return made in models or made in {f"models.{name}" for name in MODELS}


def _reaches_rows(receiver, models):
    """Whether what a verb is called on is a row of the diary, or a query for such rows."""
    if isinstance(receiver, (ast.Name, ast.Attribute)) and ROWS.match(_last_name(receiver)):
        # Django's own session is called like ours.
        return ast.unparse(receiver) != "request.session"
    inside = {_last_name(node) for node in ast.walk(receiver) if isinstance(node, (ast.Name, ast.Attribute))}
    return bool(inside & (models | MODELS | MANAGERS))


def calls_in(text, *names):
    """Where functions of these names, dotted or not, are called: the names of the functions around them, "" at the top."""
    found, ends = [], tuple(f".{name}" for name in names)

    def look(node, inside):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = node.name
        if isinstance(node, ast.Call) and f".{ast.unparse(node.func)}".endswith(ends):
            found.append(inside)
        for child in ast.iter_child_nodes(node):
            look(child, inside)

    look(ast.parse(text), "")
    return found


def writers_of(text, *rows):
    """The functions that write what is called one of these names: `Seat.objects…`, `session.seats…`, `Seat(…)`."""
    found = set()

    def look(node, inside):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = node.name
        if isinstance(node, ast.Call) and set(rows) & set(_called(node)):
            found.add(inside)
        for child in ast.iter_child_nodes(node):
            look(child, inside)

    look(ast.parse(text), "")
    return found


def _called(node):
    """The names a verb is called on, or the one thing that is called."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in VERBS:
        inside = ast.walk(node.func.value)
        return [_last_name(each) for each in inside if isinstance(each, (ast.Name, ast.Attribute))]
    return [_last_name(node.func)]


def _last_name(node):
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
