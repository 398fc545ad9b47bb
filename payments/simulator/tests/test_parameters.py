import pytest
import requests
import stripe

PAYMENT = {"amount": 5_000, "currency": "usd"}


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        (PAYMENT | {"captur_method": "manual"}, "parameter_unknown", "captur_method"),
        (
            PAYMENT | {"shipping": {"name": "A", "address": {"lin1": "1"}}},
            "parameter_unknown",
            "shipping[address][lin1]",
        ),
        (PAYMENT | {"on_behalf_of": "acct_1"}, "parameter_unknown", "on_behalf_of"),
        ({"amount": 5_000}, "parameter_missing", "currency"),
        (PAYMENT | {"shipping": {"name": "A"}}, "parameter_missing", "shipping[address]"),
        (PAYMENT | {"amount": "50.00"}, "parameter_invalid_integer", "amount"),
        (PAYMENT | {"description": ""}, "parameter_invalid_empty", "description"),
        (PAYMENT | {"capture_method": "later"}, None, "capture_method"),
        (PAYMENT | {"confirm": "maybe"}, None, "confirm"),
        (PAYMENT | {"metadata": "x"}, None, "metadata"),
        (PAYMENT | {"payment_method_types": "card"}, None, "payment_method_types"),
        (PAYMENT | {"payment_method_types": ["sepa_debit"]}, None, "payment_method_types[0]"),
        (PAYMENT | {"currency": "dollars"}, "invalid_currency", "currency"),
        (PAYMENT | {"customer": "cus_none"}, "resource_missing", "customer"),
        (PAYMENT | {"off_session": True}, None, "off_session"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_parameter_is_refused(salon, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.create(params)

    assert (refusal.value.http_status, refusal.value.code, refusal.value.param) == (400, code, param)
    assert salon.stripe.payment_intents.list().data == []


def test_parameters_arrive_with_their_types(salon):
    customer = salon.stripe.customers.create(
        {
            "metadata": {"0": "zero", "_private": "kept"},
            "address": {"line1": "1 Main St"},
            "preferred_locales": ["fr", "en"],
        }
    )

    read = salon.stripe.customers.retrieve(customer.id)
    assert read.metadata.to_dict() == {"0": "zero", "_private": "kept"}
    assert (read.address.line1, read.preferred_locales) == ("1 Main St", ["fr", "en"])


def test_metadata_is_merged_and_unset_by_empty_values(salon):
    customer = salon.stripe.customers.create({"metadata": {"a": "1", "b": "2"}, "address": {"city": "Paris"}})
    updated = salon.stripe.customers.update(customer.id, {"metadata": {"a": "", "c": "3"}, "address": ""})

    assert (updated.metadata.to_dict(), updated.address) == ({"b": "2", "c": "3"}, None)


def test_expand_brings_objects_and_refuses_what_cannot_be(salon):
    intent = salon.paid()

    expanded = salon.stripe.payment_intents.retrieve(
        intent.id,
        {"expand": ["customer", "payment_method", "latest_charge.balance_transaction", "latest_charge.refunds"]},
    )
    listed = salon.stripe.payment_intents.list({"expand": ["data.latest_charge"]})

    assert (expanded.customer.object, expanded.payment_method.card.last4) == ("customer", "4242")
    assert (expanded.latest_charge.balance_transaction.net, expanded.latest_charge.refunds.data) == (9_680, [])
    assert listed.data[0].latest_charge.object == "charge"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        salon.stripe.payment_intents.retrieve(intent.id, {"expand": ["nonsense"]})


def test_lists_page_newest_first_and_filter(simulator, salon):
    made = []
    for number in range(5):
        made.append(salon.stripe.customers.create({"email": f"{number % 2}@example.test"}))
        simulator.control("/clock", advance_seconds=100)
    ids = [customer.id for customer in reversed(made)]

    first = salon.stripe.customers.list({"limit": 2})
    second = salon.stripe.customers.list({"limit": 2, "starting_after": first.data[-1].id})
    back = salon.stripe.customers.list({"limit": 2, "ending_before": second.data[0].id})
    late = salon.stripe.customers.list({"created": {"gte": made[3].created}})
    odd = salon.stripe.customers.list({"email": "1@example.test"})

    assert ([item.id for item in first.data], first.has_more) == (ids[:2], True)
    assert [item.id for item in second.data] == ids[2:4]
    assert [item.id for item in back.data] == ids[:2]
    assert [item.id for item in late.data] == ids[:2]
    assert [item.id for item in odd.data] == [made[3].id, made[1].id]
    assert [item.id for item in salon.stripe.customers.list({"limit": 2}).auto_paging_iter()] == ids


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        (None, 401, "You did not provide an API key"),
        ("sk_live_x", 401, "Invalid API Key provided"),
        ("nonsense", 401, "Invalid API Key provided"),
        ("pk_test_x", 403, "cannot be made with a publishable API key"),
    ],
)
def test_key_decides_what_may_be_asked(simulator, key, status, message):
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = requests.get(f"{simulator.base}/v1/customers", headers=headers, timeout=20)

    assert answer.status_code == status
    assert message in answer.json()["error"]["message"]


def test_basic_authentication_and_headers_are_stripes(simulator):
    answer = requests.get(f"{simulator.base}/v1/customers", auth=("sk_test_x", ""), timeout=20)

    assert answer.status_code == 200
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == stripe.api_version
    assert answer.json() == {"object": "list", "data": [], "has_more": False, "url": "/v1/customers"}


def test_unknown_url_is_told_so(simulator):
    answer = requests.get(f"{simulator.base}/v1/nonsense", auth=("sk_test_x", ""), timeout=20)

    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


def test_publishable_key_needs_the_client_secret_and_sees_little(simulator, salon):
    customer = salon.stripe.customers.create({})
    intent = salon.stripe.setup_intents.create(
        {"customer": customer.id, "payment_method_types": ["card"], "metadata": {"private": "yes"}}
    )
    browser = simulator.client(salon.account, key="pk_test_x").setup_intents

    for wrong in ({}, {"client_secret": intent.client_secret + "x"}):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            browser.retrieve(intent.id, wrong)
        assert refusal.value.param == "client_secret"
    seen = browser.retrieve(intent.id, {"client_secret": intent.client_secret}).to_dict()

    assert seen["status"] == "requires_payment_method"
    assert not seen.keys() & {"customer", "metadata", "application"}


def test_browser_confirms_with_a_typed_card(simulator, salon):
    customer = salon.stripe.customers.create({})
    intent = salon.stripe.setup_intents.create({"customer": customer.id, "payment_method_types": ["card"]})
    form = {
        "client_secret": intent.client_secret,
        "payment_method_data[type]": "card",
        "payment_method_data[card][number]": "4242 4242 4242 4242",
        "payment_method_data[card][exp_month]": "12",
        "payment_method_data[card][exp_year]": "40",
        "payment_method_data[card][cvc]": "123",
        "key": "pk_test_x",
        "_stripe_account": salon.account,
    }
    url = f"{simulator.base}/v1/setup_intents/{intent.id}/confirm"

    preflight = requests.options(url, headers={"Origin": "https://shop.test"}, timeout=20)
    refused = requests.post(url, data=form | {"usage": "on_session"}, timeout=20)
    answer = requests.post(url, data=form, timeout=20)

    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.json()["error"]["code"] == "parameter_unknown"
    assert (answer.json()["status"], answer.headers["Access-Control-Allow-Origin"]) == ("succeeded", "*")
    assert len(salon.stripe.payment_methods.list({"customer": customer.id}).data) == 1


def test_module_level_api_works_too(simulator, monkeypatch):
    monkeypatch.setattr(stripe, "api_key", "sk_test_x")
    monkeypatch.setattr(stripe, "api_base", simulator.base)

    product = stripe.Product.create(
        name="Plan", default_price_data={"currency": "usd", "unit_amount": 1199, "recurring": {"interval": "month"}}
    )

    price = stripe.Price.retrieve(product.default_price)
    assert (price.unit_amount, price.recurring.interval, price.product) == (1199, "month", product.id)
    assert [found.id for found in stripe.Price.list(product=product.id)] == [price.id]
