"""Balances and uses are written in one module: everybody else asks it."""

import ast

import pytest

from config.tests.diary_writes import modules

COLUMNS = {"balance_cents", "usage_count"}
WRITES = {"update", "create", "get_or_create", "update_or_create", "bulk_update", "GiftCard"}
TABLE = "giftcards_giftcard "


def writes_in(text):
    """The lines that give a balance to the database: by keyword, by name of the column, or in SQL of our own."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = {keyword.arg for keyword in node.keywords}
            texts = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant)}
            if (name in WRITES and named & COLUMNS) or (name in ("save", "bulk_update") and texts & COLUMNS):
                yield node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and f"UPDATE {TABLE}" in node.value:
            yield node.lineno


def test_one_module_writes_balances():
    assert {path for path, text in modules() if list(writes_in(text))} == {"giftcards/services/balance.py"}


@pytest.mark.parametrize(
    "line",
    [
        "GiftCard.objects.filter(pk=1).update(balance_cents=0)",
        "GiftCard(balance_cents=5)",
        "card.save(update_fields=['balance_cents'])",
        "GiftCard.objects.bulk_update(cards, ['usage_count'])",
        "cursor.execute('UPDATE giftcards_giftcard SET balance_cents = 1')",
    ],
)
def test_a_written_balance_is_seen(line):
    assert list(writes_in(line)) != []


@pytest.mark.parametrize("line", ["card.balance_cents = 1", "GiftCard.objects.filter(balance_cents=0)", "card.save()"])
def test_what_writes_no_balance_is_left_alone(line):
    assert list(writes_in(line)) == []
