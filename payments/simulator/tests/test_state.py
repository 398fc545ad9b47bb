import json
import time

from .conftest import Platform, Simulator


def test_money_cards_and_keys_survive_a_restart(tmp_path):
    path = tmp_path / "var" / "stripe.json"
    first = Simulator("--state", str(path))
    salon = first.new_salon()
    intent = salon.hold(10_000, application_fee_amount=100)
    first.control("/clock", advance_seconds=5_000)
    customer = salon.stripe.customers.create({"name": "Ada"}, {"idempotency_key": "k"}).id
    ledger = first.ledger()
    first.stop()

    second = Simulator("--state", str(path))
    try:
        api = second.client(salon.account)
        replayed = api.customers.create({"name": "Ada"}, {"idempotency_key": "k"}).id
        captured = api.payment_intents.capture(intent.id)
        drift = second.look("/health")["now"] - time.time()

        assert first.process.returncode == 0
        assert replayed == customer
        assert captured.status == "succeeded"
        assert second.ledger() == [*ledger, ("capture", 10_000, 100)]
        assert 4_990 < drift < 5_010
    finally:
        second.stop()


def test_changes_are_written_soon_without_being_asked(tmp_path):
    path = tmp_path / "stripe.json"
    simulator = Simulator("--state", str(path))
    try:
        account = simulator.new_salon().account
        deadline = time.monotonic() + 20
        while not (path.exists() and account in path.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)

        assert account in json.loads(path.read_text())["store"]["acct_1LocalPlatform00"]["account"]
    finally:
        simulator.stop()


def test_what_falls_due_happens_although_nobody_asks(simulator, salon):
    intent = salon.paid(card="pm_card_pendingRefund")
    salon.stripe.refunds.create({"payment_intent": intent.id})
    simulator.control("/clock", advance_seconds=58)

    deadline = time.monotonic() + 20
    while "refund.updated" not in simulator.event_types(salon.account) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert "refund.updated" in simulator.event_types(salon.account)


def test_subscriptions_and_settings_survive_a_restart(tmp_path):
    path = tmp_path / "stripe.json"
    first = Simulator("--state", str(path))
    try:
        subscription = Platform(first).subscribe(trial_period_days=14)
        first.control("/billing", when_exhausted="unpaid")
    finally:
        first.stop()
    second = Simulator("--state", str(path))
    try:
        second.control("/clock", advance_seconds=15 * 24 * 3600)

        assert second.client().subscriptions.retrieve(subscription.id).status == "active"
        assert second.ledger() == [("capture", 1_199, 0)]
        assert second.control("/billing")["when_exhausted"] == "unpaid"
    finally:
        second.stop()
