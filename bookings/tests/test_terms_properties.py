"""Whatever is moved where and when: cancelling never becomes cheaper, and the stages say what is charged."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings import terms
from bookings.tests.test_terms import policy

#: A week before the clocks change in Paris and two after they did in New York.
NOW = datetime(2027, 3, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEE = st.sampled_from(["none", "fixed", "percent"])
CENTS = st.integers(0, 20_000)
PERCENT = st.integers(0, 100)
SOON, LATER = st.integers(1, 3 * 24 * 60), st.integers(1, 40 * 24 * 60)


@st.composite
def salons(draw):
    return policy(
        cancellation_window_hours=draw(st.sampled_from([0, 1, 24, 48, 720])),
        cancellation_fee_type=draw(FEE),
        cancellation_fee_cents=draw(CENTS),
        cancellation_fee_percent=draw(PERCENT),
        no_show_fee_type=draw(FEE),
        no_show_fee_cents=draw(CENTS),
        no_show_fee_percent=draw(PERCENT),
        late_arrival_min=draw(st.integers(0, 60)),
        deposit_for=draw(st.sampled_from(["everyone", "new", "missed", "new_or_missed"])),
        hold_near_visits=draw(st.booleans()),
    )


@st.composite
def visits(draw):
    """(snapshot, start): a visit up to forty days away, booked at NOW, with or without a card."""
    start_at = NOW + draw(LATER) * MINUTE
    offer = terms.offer(
        business=draw(salons()),
        price_cents=draw(CENTS),
        start_at=start_at,
        deposit_cents=draw(CENTS),
        card=draw(st.booleans()),
    )
    made = offer.agreed_by(is_new=draw(st.booleans()), has_missed=draw(st.booleans()))
    return made.as_json(), start_at


#: (how long the customer waits before the move, how far from then the visit is afterwards), in minutes.
MOVES = st.lists(st.tuples(SOON, LATER), min_size=1, max_size=6)


def cost(consent, now):
    return terms.cancellation_fee(consent=consent, now=now)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(visits(), MOVES)
def test_no_sequence_of_moves_makes_cancelling_cheaper(visit, moves):
    consent, start_at = visit
    missing, now, least = terms.no_show_fee(consent=consent), NOW, 0
    for waited, away in moves:
        now = min(now + waited * MINUTE, start_at - MINUTE)  # a visit that has begun is not moved
        least = max(least, cost(consent, now))
        old_start_at, start_at = start_at, now + away * MINUTE
        consent = terms.moved(consent=consent, old_start_at=old_start_at, new_start_at=start_at, now=now)

        assert cost(consent, now) >= least
        assert cost(consent, start_at - MINUTE) >= least
        assert terms.no_show_fee(consent=consent) == missing


@settings(max_examples=300, deadline=None, derandomize=True)
@given(visits(), MOVES, LATER)
def test_a_stage_costs_what_is_charged_in_it(visit, moves, later):
    consent, start_at = visit
    now = NOW
    for waited, away in moves:
        now = min(now + waited * MINUTE, start_at - MINUTE)
        old_start_at, start_at = start_at, now + away * MINUTE
        consent = terms.moved(consent=consent, old_start_at=old_start_at, new_start_at=start_at, now=now)
    asked_at = min(NOW + later * MINUTE, start_at - MINUTE)
    *calling_off, missing = consent["stages"]

    found = [stage for stage in calling_off if is_in(stage, asked_at)]

    assert [stage["fee_cents"] for stage in found] == [cost(consent, asked_at)]
    assert (missing["kind"], missing["fee_cents"], missing["until"]) == (
        "no_show",
        terms.no_show_fee(consent=consent),
        None,
    )


def is_in(stage, instant):
    since, until = (stage[name] and datetime.fromisoformat(stage[name]) for name in ("from", "until"))
    return (since is None or since <= instant) and (until is None or instant < until)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(salons(), CENTS, CENTS, LATER)
def test_fees_and_deposit_lie_within_the_price_and_some_never_pay_less_than_anybody(salon, price, deposit, away):
    offer = terms.offer(
        business=salon, price_cents=price, start_at=NOW + away * MINUTE, deposit_cents=deposit, card=True
    )
    some, anybody = offer.some or offer.anybody, offer.anybody

    for made in (some, anybody):
        assert 0 <= made.deposit_cents <= made.cancellation_fee_cents <= price
        assert made.deposit_cents <= made.no_show_fee_cents <= price
    assert some.cancellation_fee_cents >= anybody.cancellation_fee_cents
    assert some.no_show_fee_cents >= anybody.no_show_fee_cents
