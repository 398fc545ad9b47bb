from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import stripe

KEY = {"idempotency_key": "press-1"}
CUSTOMER = {"email": "client@example.test"}


def test_same_key_and_parameters_replay_the_first_answer(salon):
    first = salon.stripe.customers.create(CUSTOMER, KEY)
    second = salon.stripe.customers.create(CUSTOMER, KEY)

    assert second.id == first.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert second.last_response.headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert len(salon.stripe.customers.list().data) == 1


def test_same_key_with_other_parameters_is_refused(salon):
    salon.stripe.customers.create(CUSTOMER, KEY)

    with pytest.raises(stripe.IdempotencyError) as refusal:
        salon.stripe.customers.create({"email": "other@example.test"}, KEY)

    assert refusal.value.http_status == 400
    assert len(salon.stripe.customers.list().data) == 1


def test_same_key_for_another_object_is_refused(salon):
    one, other = (salon.stripe.customers.create({}) for _ in range(2))
    salon.stripe.customers.update(one.id, {"name": "Ada"}, KEY)

    with pytest.raises(stripe.IdempotencyError):
        salon.stripe.customers.update(other.id, {"name": "Ada"}, KEY)

    assert salon.stripe.customers.retrieve(other.id).name is None


def test_key_belongs_to_one_account(simulator, salon):
    other = simulator.new_salon()

    assert salon.stripe.customers.create(CUSTOMER, KEY).id != other.stripe.customers.create(CUSTOMER, KEY).id


def test_key_under_way_is_in_use(simulator, salon):
    simulator.control("/faults", match={"method": "POST", "path_regex": "^/v1/customers$"}, kind="hang", seconds=0.5)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(salon.stripe.customers.create, CUSTOMER, KEY)
        while simulator.look("/health")["faults_left"]:
            pass
        with pytest.raises(stripe.APIError) as refusal:
            salon.stripe.customers.create(CUSTOMER, KEY)

    assert (refusal.value.http_status, refusal.value.error.code) == (409, "idempotency_key_in_use")
    assert salon.stripe.customers.create(CUSTOMER, KEY).id == first.result().id


def test_key_is_forgotten_after_a_day(simulator, salon):
    first = salon.stripe.customers.create(CUSTOMER, KEY).id
    simulator.control("/clock", advance_seconds=24 * 3600 - 60)
    same = salon.stripe.customers.create(CUSTOMER, KEY).id
    simulator.control("/clock", advance_seconds=61)
    new = salon.stripe.customers.create(CUSTOMER, KEY).id

    assert same == first
    assert new != first


def test_decline_is_replayed(simulator, salon):
    customer = salon.stripe.customers.create({})
    params = {
        "amount": 5_000,
        "currency": "usd",
        "customer": customer.id,
        "payment_method": "pm_card_chargeDeclined",
        "payment_method_types": ["card"],
        "confirm": True,
    }

    declines = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as decline:
            salon.stripe.payment_intents.create(params, KEY)
        declines.append(decline.value)

    assert declines[0].error.payment_intent.id == declines[1].error.payment_intent.id
    assert declines[1].headers["Idempotent-Replayed"] == "true"
    assert len(salon.stripe.payment_intents.list().data) == 1


def test_refused_parameters_leave_the_key_free(salon):
    with pytest.raises(stripe.InvalidRequestError):
        salon.stripe.customers.create({"emial": "client@example.test"}, KEY)

    assert salon.stripe.customers.create(CUSTOMER, KEY).email == "client@example.test"


def test_stored_500_comes_back_for_the_same_key(simulator, salon):
    simulator.control("/faults", match={"path_regex": "/customers"}, kind="500")

    for _ in range(2):
        with pytest.raises(stripe.APIError) as fault:
            salon.stripe.customers.create(CUSTOMER, KEY)
        assert fault.value.http_status == 500

    assert fault.value.headers["Idempotent-Replayed"] == "true"
    assert salon.stripe.customers.list().data == []


def test_keys_mean_nothing_on_get(simulator, salon):
    headers = {"Authorization": "Bearer sk_test_x", "Stripe-Account": salon.account, "Idempotency-Key": "k"}
    answers = [requests.get(f"{simulator.base}/v1/customers", headers=headers, timeout=20) for _ in range(2)]

    assert ["Idempotent-Replayed" in answer.headers for answer in answers] == [False, False]


def test_key_has_a_longest_length(salon):
    salon.stripe.customers.create(CUSTOMER, {"idempotency_key": "k" * 255})

    with pytest.raises(stripe.InvalidRequestError, match="255 characters"):
        salon.stripe.customers.create(CUSTOMER, {"idempotency_key": "k" * 256})
