import pytest
import requests
import stripe

PATH = "^/v1/customers$"


def outcomes(salon, count):
    """What came back from so many calls: the status, or "lost" without an answer."""
    found = []
    for _ in range(count):
        try:
            salon.stripe.customers.create({})
            found.append(200)
        except stripe.APIConnectionError:
            found.append("lost")
        except stripe.StripeError as error:
            found.append(error.http_status)
    return found


def test_chaos_strikes_its_share_the_same_way_for_the_same_seed(simulator, salon):
    runs = []
    for _ in range(2):
        simulator.control("/chaos", rate=0.3, kinds=["lost_answer", "500", "429"], seed=7, path_regex=PATH)
        runs.append(outcomes(salon, 60))
        report = simulator.look("/chaos")

    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 500, 429, "lost"}
    assert (report["seen"], sum(report["struck"].values())) == (60, 60 - runs[0].count(200))
    assert 8 <= sum(report["struck"].values()) <= 28


def test_chaos_keeps_to_its_path_and_ends(simulator, salon):
    simulator.control("/chaos", rate=1, kinds=["500"], path_regex=PATH, method="POST")
    struck = outcomes(salon, 2)
    salon.stripe.products.create({"name": "Cut"})
    salon.stripe.customers.list()
    simulator.control("/chaos", rate=0)

    assert struck == [500, 500]
    assert outcomes(salon, 2) == [200, 200]


@pytest.mark.parametrize(("kind", "made"), [("500", 0), ("500_after", 1), ("lost_answer", 1), ("hang_after", 1)])
def test_work_is_done_or_not_as_the_kind_says(simulator, salon, kind, made):
    simulator.control("/chaos", rate=1, kinds=[kind], path_regex=PATH, method="POST", seconds=0.05)
    outcomes(salon, 1)

    assert len(salon.stripe.customers.list().data) == made


@pytest.mark.parametrize("wrong", [{"rate": 2}, {"rate": 0.5, "kinds": ["flood"]}, {"rate": 0.5, "path_regex": "("}])
def test_impossible_chaos_is_refused(simulator, wrong):
    answer = requests.post(f"{simulator.base}/_simulator/chaos", json=wrong, timeout=20)

    assert answer.status_code == 400
    assert simulator.look("/chaos")["rate"] == 0


def test_open_intents_are_those_whose_story_has_not_ended(simulator, salon, platform):
    salon.paid()
    held = salon.hold(metadata={"booking_id": "7"})
    unpaid = platform.subscribe(card=None, payment_behavior="default_incomplete")
    other = simulator.new_salon()

    everywhere = simulator.look("/open")
    assert {(row["account"], row["status"]) for row in everywhere} == {
        (salon.account, "requires_capture"),
        (platform.account, "requires_payment_method"),
    }
    assert [row["invoice"] for row in everywhere if row["account"] == platform.account] == [unpaid.latest_invoice]
    [own] = simulator.look("/open", account=salon.account)
    assert (own["id"], own["metadata"], own["amount_capturable"]) == (held.id, {"booking_id": "7"}, 10_000)
    assert simulator.look("/open", account=other.account) == []


def test_ledger_says_what_moved_the_money(simulator, salon):
    intent = salon.paid(application_fee_amount=100)
    refund = salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    fee = simulator.client().application_fees.list({"charge": intent.latest_charge}).data[0]
    share = simulator.client().application_fees.refunds.create(fee.id, {"amount": 40})
    dispute = simulator.control("/disputes", charge=intent.latest_charge)

    rows = [(row["kind"], row["source"], row["amount"], row["application_fee"]) for row in simulator.look("/ledger")]
    assert rows[1:] == [
        ("capture", intent.latest_charge, 10_000, 100),
        ("refund", refund.id, 1_000, 0),
        ("fee_refund", share.id, 0, 40),
        ("dispute", dispute["id"], 9_000, 0),
    ]
