"""The way to Stripe: whatever is asked goes through one guarded call, page by page."""

import ast
from pathlib import Path

import pytest
from django.db import transaction

from payments import gateway

GATEWAY = Path(gateway.__file__).parent


def test_nothing_in_the_gateway_goes_past_its_guard():
    """Whatever the gateway will learn to do: it names the SDK's functions, and `call` alone calls them."""
    calling_ourselves = [
        f"{path.name}:{node.lineno} {ast.unparse(node.func)}"
        for path in sorted(GATEWAY.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (ast.unparse(node.func).startswith("client().") or "paging" in ast.unparse(node.func))
    ]

    assert calling_ourselves == []


def many_intents(account, customer, count):
    for number in range(count):
        account.stripe.payment_intents.create(
            {
                "amount": 5000,
                "currency": "usd",
                "customer": customer,
                "payment_method_types": ["card"],
                "metadata": {"action_id": str(number)},
            }
        )


@pytest.fixture
def customer(account):
    return account.stripe.customers.create({"name": "Anna"}).id


def test_an_intent_on_a_later_page_is_found(account, customer):
    many_intents(account, customer, 101)

    found = gateway.find_payment(account=account.id, customer_id=customer, action_id="0")

    assert found.metadata == {"action_id": "0"}
    assert gateway.find_payment(account=account.id, customer_id=customer, action_id="gone") is None


def test_a_later_page_that_is_not_answered_is_our_error(account, customer, local_stripe):
    many_intents(account, customer, 101)
    listed = gateway.list_payments(account=account.id, since=0)
    next(listed)
    local_stripe.fault("500", "payment_intents$", method="GET")

    with pytest.raises(gateway.GatewayUnavailable):
        list(listed)


def test_a_later_page_is_not_read_inside_a_transaction_either(account, customer):
    many_intents(account, customer, 101)
    listed = gateway.list_payments(account=account.id, since=0)
    next(listed)

    with transaction.atomic(), pytest.raises(gateway.CallInsideTransaction):
        list(listed)
