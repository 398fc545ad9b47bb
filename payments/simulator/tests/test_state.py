import json
import time

from .conftest import Simulator


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
        deadline = time.monotonic() + 5
        while not (path.exists() and account in path.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)

        assert account in json.loads(path.read_text())["store"]["acct_1LocalPlatform00"]["account"]
    finally:
        simulator.stop()
