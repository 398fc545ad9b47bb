"""What is agreed to: amounts, instants and the words for them. Nothing here touches a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bookings import terms
from bookings.terms import wording

NEW_YORK, PARIS = ZoneInfo("America/New_York"), ZoneInfo("Europe/Paris")
#: Tuesday 4 May 2027, ten in the morning in New York.
START = datetime(2027, 5, 4, 14, tzinfo=UTC)
LONG_BEFORE = START - timedelta(days=30)


def policy(**changes):
    """A salon that asks for nothing, but for the changes."""
    asks_nothing = {
        "currency_code": "USD",
        "cancellation_window_hours": 24,
        "cancellation_fee_type": "none",
        "cancellation_fee_cents": 0,
        "cancellation_fee_percent": 0,
        "cancellation_text": "",
        "no_show_fee_type": "none",
        "no_show_fee_cents": 0,
        "no_show_fee_percent": 0,
        "no_show_text": "",
        "refund_text": "",
        "deposit_type": "none",
        "deposit_cents": 0,
        "deposit_percent": 0,
        "deposit_for": "everyone",
        "late_arrival_min": 0,
        "late_arrival_text": "",
        "hold_near_visits": False,
        "gift_cards_pay_fees": False,
    }
    return SimpleNamespace(**asks_nothing | changes)


def service(deposit_type="", cents=0, percent=0):
    return SimpleNamespace(deposit_type=deposit_type, deposit_cents=cents, deposit_percent=percent)


def offer(business, *, deposit_cents=0, card=True, start_at=START):
    return terms.offer(business=business, price_cents=5000, start_at=start_at, deposit_cents=deposit_cents, card=card)


def agreed(business, *, deposit_cents=0, card=True, start_at=START, is_new=False, has_missed=False):
    """The snapshot of a visit for 50.00, as it is kept."""
    offered = offer(business, deposit_cents=deposit_cents, card=card, start_at=start_at)
    made = offered.agreed_by(is_new=is_new, has_missed=has_missed).as_json()
    return made | {"agreed_at": LONG_BEFORE.isoformat()}


HALF = {"cancellation_fee_type": "percent", "cancellation_fee_percent": 50}
FULL = {"no_show_fee_type": "percent", "no_show_fee_percent": 100}

# Deposits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("salon", "asked", "guests", "deposit"),
    [
        ({}, [(service(), 5000)], 1, 0),
        ({"deposit_type": "fixed", "deposit_cents": 2000}, [(service(), 5000)], 1, 2000),
        ({"deposit_type": "fixed", "deposit_cents": 9000}, [(service(), 5000)], 1, 5000),
        ({"deposit_type": "percent", "deposit_percent": 33}, [(service(), 5000)], 1, 1650),
        ({"deposit_type": "fixed", "deposit_cents": 2000}, [(service(), 5000)], 3, 6000),
        ({"deposit_type": "percent", "deposit_percent": 50}, [(service(), 101)], 3, 152),
        ({"deposit_type": "fixed", "deposit_cents": 2000}, [(service("none"), 5000)], 1, 0),
        ({}, [(service("percent", percent=20), 5000)], 1, 1000),
        (
            {"deposit_type": "fixed", "deposit_cents": 2000},
            [(service(), 5000), (service("percent", percent=10), 12000), (service("none"), 9000)],
            1,
            3200,
        ),
    ],
    ids=[
        "none",
        "fixed",
        "above the price",
        "a share",
        "guests",
        "a share of guests",
        "not this",
        "only this",
        "summed",
    ],
)
def test_the_deposits_of_a_visit_add_up_and_a_service_may_have_its_own(salon, asked, guests, deposit):
    assert terms.deposit(business=policy(**salon), parts=asked, guests=guests) == deposit


@pytest.mark.parametrize(
    ("salon", "deposit_cents", "fees"),
    [
        ({}, 2000, (2000, 2000)),
        (HALF | FULL, 2000, (2500, 5000)),
        (HALF | FULL, 3000, (3000, 5000)),
        ({}, 5000, (5000, 5000)),
        ({}, 0, (0, 0)),
    ],
)
def test_a_deposit_is_the_least_that_cancelling_late_or_not_coming_costs(salon, deposit_cents, fees):
    consent = agreed(policy(**salon), deposit_cents=deposit_cents)

    late = START - timedelta(hours=1)
    assert (terms.cancellation_fee(consent=consent, now=late), terms.no_show_fee(consent=consent)) == fees
    assert terms.cancellation_fee(consent=consent, now=LONG_BEFORE) == 0
    assert (consent["deposit_cents"], consent["deposit_for_why"]) == (
        deposit_cents,
        "everyone" if deposit_cents else "",
    )


@pytest.mark.parametrize(
    ("deposit_for", "is_new", "has_missed", "why"),
    [
        ("everyone", False, False, "everyone"),
        ("new", True, False, "new"),
        ("new", False, True, ""),
        ("missed", True, False, ""),
        ("missed", False, True, "missed"),
        ("new_or_missed", True, True, "missed"),
        ("new_or_missed", True, False, "new"),
        ("new_or_missed", False, False, ""),
    ],
)
def test_who_pays_a_deposit(deposit_for, is_new, has_missed, why):
    consent = agreed(policy(deposit_for=deposit_for, **HALF), deposit_cents=4000, is_new=is_new, has_missed=has_missed)

    assert consent["deposit_for_why"] == why
    assert consent["deposit_cents"] == (4000 if why else 0)
    assert consent["cancellation_fee_cents"] == (4000 if why else 2500)
    assert consent["no_show_fee_cents"] == (4000 if why else 0)


@pytest.mark.parametrize("deposit_for", ["everyone", "new"])
def test_without_a_card_there_is_no_deposit_and_nothing_is_held(deposit_for):
    offered = offer(policy(deposit_for=deposit_for, hold_near_visits=True), deposit_cents=2000, card=False)

    assert (offered.some, offered.anybody.deposit_cents, offered.anybody.hold_cents) == (None, 0, 0)


def test_another_amount_date_or_word_is_another_offer():
    salon = policy(deposit_for="new", **HALF)
    first = offer(salon, deposit_cents=2000)
    others = [
        offer(policy(deposit_for="new", **HALF | FULL), deposit_cents=2000),
        offer(policy(deposit_for="new", **HALF | {"cancellation_window_hours": 48}), deposit_cents=2000),
        offer(policy(deposit_for="new", refund_text="None.", **HALF), deposit_cents=2000),
        offer(policy(deposit_for="new_or_missed", **HALF), deposit_cents=2000),
        offer(salon, deposit_cents=2100),
        offer(salon),
    ]

    assert offer(salon, deposit_cents=2000).version == first.version
    assert len({first.version, *(other.version for other in others)}) == 7


# Fees, dates and stages ------------------------------------------------------------------------


def test_without_consent_nothing_is_owed_or_held():
    assert terms.cancellation_fee(consent={}, now=START) == 0
    assert terms.no_show_fee(consent={}) == 0
    assert terms.held(consent={}, now=START) == 0


def test_fees_come_from_what_was_agreed_and_not_from_the_policy_of_today():
    salon = policy(**HALF | FULL)
    consent = agreed(salon)
    salon.cancellation_fee_percent, salon.no_show_fee_type = 100, "none"

    assert terms.cancellation_fee(consent=consent, now=START) == 2500
    assert terms.no_show_fee(consent=consent) == 5000


@pytest.mark.parametrize(
    ("zone", "start", "cutoff"),
    [
        (NEW_YORK, "2027-03-14T10:00", "2027-03-13T09:00-05:00"),
        (NEW_YORK, "2027-11-07T10:00", "2027-11-06T11:00-04:00"),
        (PARIS, "2027-03-28T10:00", "2027-03-27T09:00+01:00"),
        (PARIS, "2027-10-31T10:00", "2027-10-30T11:00+02:00"),
    ],
    ids=["New York spring", "New York autumn", "Paris spring", "Paris autumn"],
)
def test_the_cutoff_counts_elapsed_hours_over_a_clock_change(zone, start, cutoff):
    start_at = datetime.fromisoformat(start).replace(tzinfo=zone).astimezone(UTC)
    consent = agreed(policy(**HALF), start_at=start_at)
    free_until = datetime.fromisoformat(consent["free_until"])

    second = timedelta(seconds=1)
    assert free_until.astimezone(zone) == datetime.fromisoformat(cutoff)
    assert terms.cancellation_fee(consent=consent, now=free_until - second) == 0
    assert terms.cancellation_fee(consent=consent, now=free_until) == 2500


def test_a_time_the_wall_shows_twice_is_named_with_its_zone():
    """A day before 01:30 EST on the Monday, the wall of the Sunday shows 01:30 for the second time."""
    start_at = datetime(2027, 11, 8, 1, 30, tzinfo=NEW_YORK)
    consent = agreed(policy(**HALF), start_at=start_at.astimezone(UTC))

    assert wording.calling_off(consent=consent, zone=NEW_YORK, now=LONG_BEFORE) == (
        "Cancelling is free until Sun 7 Nov, 01:30 EST."
    )


def test_the_stages_say_what_costs_what_from_when_until_when():
    consent = agreed(policy(late_arrival_min=15, **HALF | FULL))
    day_before = (START - timedelta(hours=24)).isoformat()

    assert consent["late_arrival_at"] == (START + timedelta(minutes=15)).isoformat()
    assert consent["stages"] == [
        {"kind": "free", "from": None, "until": day_before, "fee_cents": 0},
        {"kind": "late", "from": day_before, "until": START.isoformat(), "fee_cents": 2500},
        {"kind": "no_show", "from": consent["late_arrival_at"], "until": None, "fee_cents": 5000},
    ]


@pytest.mark.parametrize("salon", [{}, HALF | {"cancellation_window_hours": 0}], ids=["no fee", "no window"])
def test_where_cancelling_never_costs_there_is_no_late_stage(salon):
    consent = agreed(policy(**salon))

    assert [stage["kind"] for stage in consent["stages"]] == ["free", "no_show"]
    assert consent["stages"][0]["until"] == START.isoformat()


def test_the_price_may_be_held_from_four_days_before_on():
    consent = agreed(policy(hold_near_visits=True))
    since = datetime.fromisoformat(consent["hold_from"])

    assert START - since == timedelta(days=4)
    assert terms.held(consent=consent, now=since - timedelta(seconds=1)) == 0
    assert terms.held(consent=consent, now=since) == 5000


# Moves -----------------------------------------------------------------------------------------


def move(consent, *, to, now, since=START):
    return terms.moved(consent=consent, old_start_at=since, new_start_at=to, now=now)


def test_a_move_in_time_takes_every_date_along():
    consent = agreed(policy(late_arrival_min=10, hold_near_visits=True, **HALF | FULL))
    week = timedelta(weeks=1)

    moved = move(consent, to=START + week, now=LONG_BEFORE)

    as_if_booked_then = agreed(policy(late_arrival_min=10, hold_near_visits=True, **HALF | FULL), start_at=START + week)
    assert moved == as_if_booked_then


def test_move_it_then_cancel_for_free_does_not_work():
    consent = agreed(policy(**HALF))
    late = START - timedelta(hours=23)

    moved = move(consent, to=START + timedelta(weeks=2), now=late)

    assert terms.cancellation_fee(consent=moved, now=late) == 2500
    assert moved["stages"][1] == {
        "kind": "late",
        "from": consent["free_until"],
        "until": (START + timedelta(weeks=2)).isoformat(),
        "fee_cents": 2500,
    }


def test_an_undone_move_leaves_the_terms_as_they_were():
    consent = agreed(policy(late_arrival_min=10, hold_near_visits=True, **HALF))
    moved = move(consent, to=START + timedelta(days=3), now=LONG_BEFORE)

    back = terms.moved_back(consent=moved, start_at=START, free_until=datetime.fromisoformat(consent["free_until"]))

    assert back == consent


def test_terms_kept_before_there_were_stages_still_move_and_still_cost():
    consent = {
        "price_cents": 5000,
        "currency_code": "USD",
        "free_until": (START - timedelta(hours=24)).isoformat(),
        "cancellation_fee_cents": 2500,
        "no_show_fee_cents": 5000,
        "agreed_at": LONG_BEFORE.isoformat(),
    }

    moved = move(consent, to=START + timedelta(days=1), now=LONG_BEFORE)

    assert terms.cancellation_fee(consent=moved, now=START - timedelta(seconds=1)) == 0
    assert terms.cancellation_fee(consent=moved, now=START) == 2500
    assert wording.sentences(consent=consent, zone=NEW_YORK, now=LONG_BEFORE, card=False) == [
        "Cancelling is free until Mon 3 May, 10:00; after that it costs $25.00.",
        "If you do not come, $50.00 is due.",
    ]


# Words -----------------------------------------------------------------------------------------


def said(consent, *, now=LONG_BEFORE, card=True):
    return wording.sentences(consent=consent, zone=NEW_YORK, now=now, card=card)


def test_everything_is_said_as_dates_and_amounts():
    salon = policy(late_arrival_min=15, hold_near_visits=True, **HALF | FULL)

    assert said(agreed(salon, deposit_cents=3000)) == [
        "Your card is saved, not charged. $50.00 is charged when your visit is done.",
        "$30.00 of the price is a deposit: secured by your card, not charged today, and counted into the price.",
        "From Fri 30 Apr, 10:00 on, $50.00 may be held on your card: kept ready, not charged.",
        "Cancelling is free until Mon 3 May, 10:00; after that it costs $30.00.",
        "If you do not come, $50.00 is charged.",
        "If you are not here by 10:15, 15 min after the start, your visit may count as missed.",
    ]


def test_where_gift_cards_pay_fees_it_is_said_as_far_as_there_are_fees():
    sentence = "If you pay with a gift card, these fees may be taken from it."

    assert said(agreed(policy(gift_cards_pay_fees=True, **FULL)))[-1] == sentence
    assert sentence not in said(agreed(policy(gift_cards_pay_fees=True)))


def test_a_salon_that_asks_for_nothing_says_so():
    assert said(agreed(policy(), card=False), card=False) == [
        "You can cancel free of charge at any time before your visit."
    ]


def test_a_visit_that_is_near_is_said_to_be():
    soon = START - timedelta(hours=5)
    offered = offer(policy(hold_near_visits=True, **HALF)).anybody.as_json()
    sentences = said(offered, now=soon)

    assert sentences[1:] == [
        "Your visit is near, so $50.00 may be held on your card: kept ready, not charged.",
        "Your visit is soon, so cancelling it costs $25.00.",
    ]
    assert said(offered | {"agreed_at": "x"}, now=soon)[-1] == (
        "The time for cancelling free of charge ended on Mon 3 May, 10:00; it costs $25.00."
    )


@pytest.mark.parametrize(
    ("deposit_for", "salon", "sentence"),
    [
        ("everyone", {}, ""),
        (
            "new",
            {},
            "If this is your first visit here (we go by e-mail address and mobile number), $20.00 of the price is a "
            "deposit: secured by your card, not charged today. Then cancelling after Mon 3 May, 10:00 costs $20.00, and "
            "not coming costs $20.00.",
        ),
        (
            "missed",
            HALF,
            "If you have missed a visit here (we go by e-mail address and mobile number), $20.00 of the price is a "
            "deposit: secured by your card, not charged today. Then not coming costs $20.00.",
        ),
        (
            "new_or_missed",
            HALF | FULL,
            "If this is your first visit here, or you have missed one (we go by e-mail address and mobile number), $20.00 "
            "of the price is a deposit: secured by your card, not charged today.",
        ),
    ],
)
def test_what_applies_to_some_is_said_to_everybody(deposit_for, salon, sentence):
    offered = offer(policy(deposit_for=deposit_for, **salon), deposit_cents=2000)

    assert wording.condition(offer=offered, zone=NEW_YORK, now=LONG_BEFORE) == sentence


def test_the_terms_of_some_are_what_the_condition_announced():
    """Nobody agrees to more than the page said: every amount in force stands in it."""
    offered = offer(policy(deposit_for="new", **HALF), deposit_cents=4000)
    on_the_page = " ".join(
        [*said(offered.anybody.as_json()), wording.condition(offer=offered, zone=NEW_YORK, now=LONG_BEFORE)]
    )

    for customer in ({"is_new": True, "has_missed": False}, {"is_new": False, "has_missed": False}):
        consent = offered.agreed_by(**customer).as_json()
        for name in ("deposit_cents", "cancellation_fee_cents", "no_show_fee_cents"):
            if consent[name]:
                assert f"${consent[name] / 100:.2f}" in on_the_page


@pytest.mark.parametrize(
    ("hours_before", "calling_off", "moving"),
    [
        (
            48,
            "Cancelling is free until Mon 3 May, 10:00.",
            "Moving is free. Free cancelling moves along: it now ends on Mon 3 May, 10:00, and then as long before the new time.",
        ),
        (
            3,
            "By the terms you agreed to, cancelling now costs $25.00.",
            "Moving is free. The free time for cancelling has passed and stays passed after a move.",
        ),
    ],
)
def test_before_the_press_it_is_said_what_it_costs(hours_before, calling_off, moving):
    now, consent = START - timedelta(hours=hours_before), agreed(policy(**HALF))

    assert wording.calling_off(consent=consent, zone=NEW_YORK, now=now) == calling_off
    assert wording.moving(consent=consent, zone=NEW_YORK, now=now) == moving


def test_the_salons_own_words_are_kept_under_their_subject():
    consent = agreed(policy(refund_text="Within a week.", late_arrival_text="Please call."))

    assert wording.texts(consent) == [("Coming late", "Please call."), ("Refunds", "Within a week.")]


def test_other_words_are_another_version():
    made = offer(policy()).anybody

    assert replace(made, late_arrival_text="Please call.").digest != made.digest
