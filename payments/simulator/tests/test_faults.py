import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

CAPTURE = {"method": "POST", "path_regex": "/capture$"}


def test_lost_answer_leaves_the_work_done(simulator, salon):
    intent = salon.hold()
    simulator.control("/faults", match=CAPTURE, kind="lost_answer")

    with pytest.raises(stripe.APIConnectionError):
        salon.stripe.payment_intents.capture(intent.id)

    assert salon.stripe.payment_intents.retrieve(intent.id).status == "succeeded"
    assert simulator.ledger() == [("authorization", 10_000, 0), ("capture", 10_000, 0)]


def test_sdk_recovers_a_lost_answer_by_its_key(simulator, salon):
    intent = salon.hold()
    simulator.control("/faults", match=CAPTURE, kind="lost_answer")

    captured = simulator.client(salon.account, retries=1).payment_intents.capture(intent.id)

    assert captured.last_response.headers["Idempotent-Replayed"] == "true"
    assert [kind for kind, _, _ in simulator.ledger()] == ["authorization", "capture"]


@pytest.mark.parametrize(("after", "status"), [(False, "requires_capture"), (True, "succeeded")])
def test_500_strikes_before_or_after_the_work(simulator, salon, after, status):
    intent = salon.hold()
    simulator.control("/faults", match=CAPTURE, kind="500", after=after)

    with pytest.raises(stripe.APIError):
        salon.stripe.payment_intents.capture(intent.id)

    assert salon.stripe.payment_intents.retrieve(intent.id).status == status


@pytest.mark.parametrize(("after", "status"), [(False, "requires_capture"), (True, "succeeded")])
def test_hang_keeps_the_caller_waiting_before_or_after_the_work(simulator, salon, after, status):
    intent = salon.hold()
    simulator.control("/faults", match=CAPTURE, kind="hang", seconds=0.4, after=after)

    with ThreadPoolExecutor(1) as pool:
        capture = pool.submit(salon.stripe.payment_intents.capture, intent.id)
        while simulator.look("/health")["faults_left"]:
            pass
        time.sleep(0.1)
        meanwhile = salon.stripe.payment_intents.retrieve(intent.id).status

    assert (meanwhile, capture.result().status) == (status, "succeeded")


def test_rate_limit_is_not_remembered(simulator, salon):
    simulator.control("/faults", match={"path_regex": "/customers"}, kind="429", times=2)

    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            salon.stripe.customers.create({}, {"idempotency_key": "k"})

    assert salon.stripe.customers.create({}, {"idempotency_key": "k"}).id.startswith("cus_")


def test_fault_strikes_only_what_it_matches_and_as_often_as_ordered(simulator, salon):
    simulator.control("/faults", match={"method": "POST", "path_regex": "^/v1/products$"}, kind="500", times=1)

    salon.stripe.customers.create({})
    salon.stripe.products.list()
    with pytest.raises(stripe.APIError):
        salon.stripe.products.create({"name": "Cut"})

    assert salon.stripe.products.create({"name": "Cut"}).name == "Cut"


def test_reset_forgets_everything(simulator, salon):
    salon.paid()
    simulator.control("/faults", kind="500")
    simulator.control("/reset")

    assert simulator.ledger() == []
    assert simulator.client().accounts.list().data == []
