"""The rules of settings, on plain values."""

from types import SimpleNamespace

import pytest

from bookings import settings_rules as rules

NINE_TO_FIVE = tuple((day, 540, 1020) for day in range(1, 6))
HOUR = (("active", 60),)


@pytest.mark.parametrize(
    ("shifts", "touching", "found"),
    [
        ([], False, None),
        ([(1, 540, 780), (1, 780, 1020)], False, None),
        ([(1, 540, 780), (1, 780, 1020)], True, ((540, 780), (780, 1020))),
        ([(1, 540, 780), (1, 720, 1020)], False, ((540, 780), (720, 1020))),
        ([(1, 1200, 1560), (2, 60, 120)], False, ((1200, 1560), (1500, 1560))),
        ([(7, 1200, 1560), (1, 60, 120)], False, ((9840, 10200), (10140, 10200))),
        ([(7, 1200, 1440), (1, 0, 120)], True, ((9840, 10080), (10080, 10200))),
        ([(1, 540, 780)], True, None),
    ],
    ids=["none", "touch", "touch refused", "overlap", "night", "Sunday night", "Sunday midnight", "one"],
)
def test_overlaps_are_found_all_around_the_week(shifts, touching, found):
    assert rules.first_overlap(shifts, touching=touching) == found


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        ([(1, 720, 780)], None),
        ([(1, 540, 1020)], (1, 540, 1020)),
        ([(1, 500, 800), (1, 700, 1100)], (1, 540, 1020)),
        ([(1, 540, 780), (1, 790, 1020)], None),
        ([(7, 600, 2880)], (1, 540, 1020)),
        ([(2, 0, 1440)], (2, 540, 1020)),
        ([], None),
    ],
    ids=["lunch", "exact", "two together", "ten minutes left", "from Sunday", "Tuesday", "none"],
)
def test_a_break_may_not_swallow_a_shift(breaks, found):
    assert rules.swallowed(NINE_TO_FIVE, breaks) == found


@pytest.mark.parametrize(
    ("left", "right", "meets", "shared"),
    [
        ([(1, 540, 780)], [(1, 720, 1020)], True, [(1, 720, 780)]),
        ([(1, 540, 720)], [(1, 720, 1020)], False, []),
        ([(7, 1320, 1560)], [(1, 60, 600)], True, [(1, 60, 120)]),
        ([(1, 1320, 1560)], [(1, 1380, 1440), (2, 0, 600)], True, [(1, 1380, 1440), (2, 0, 120)]),
        ([], NINE_TO_FIVE, False, []),
    ],
    ids=["meet", "touch", "Sunday night", "midnight", "empty"],
)
def test_plans_meet_where_they_share_time(left, right, meets, shared):
    assert (rules.meet(left, right), rules.common(left, right)) == (meets, shared)


def test_a_shift_is_named_by_its_day():
    assert rules.named((7, 1200, 1560)) == "Sunday 20:00–26:00"


@pytest.mark.parametrize(
    ("notice", "horizon", "conflict"), [(1440, 1, False), (1441, 1, True), (0, 1, False), (2881, 2, True)]
)
def test_the_notice_may_not_reach_beyond_the_furthest_date(notice, horizon, conflict):
    assert rules.limits_conflict(notice_min=notice, horizon_days=horizon) is conflict


@pytest.mark.parametrize(
    ("service", "counts"),
    [((None, None), (60, 30)), ((30, 60), (60, 30)), ((120, 7), (120, 7)), ((0, 30), (60, 30))],
    ids=["none of its own", "weaker", "stricter", "same"],
)
def test_the_longer_notice_and_the_nearer_date_count(service, counts):
    assert rules.reach(business=(60, 30), service=service) == counts


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (150, "2 h 30 min"), (1440, "1 day"), (4560, "3 days 4 h")],
)
def test_a_notice_is_read_in_days_and_hours(minutes, text):
    assert rules.length(minutes) == text


AGREES = {"grouped": True, "size": 8, "shared": True, "scheduled": True, "phases": [{"kind": "active", "minutes": 60}]}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"grouped": False, "size": 1, "shared": False, "scheduled": False}, {}),
        (
            {"grouped": False, "shared": False, "scheduled": False},
            {"max_group_size": "Switch on group booking, or set the group size to 1."},
        ),
        (
            {"size": 1},
            {"max_group_size": "A class needs two seats or more. Raise the group size, or switch “Class” off."},
        ),
        (
            {"grouped": False, "size": 1, "scheduled": False},
            {
                "max_group_size": "A class needs two seats or more. Raise the group size, or switch “Class” off.",
                "shared_session": "A class is a group. Switch on group booking too, or switch “Class” off.",
            },
        ),
        (
            {"shared": False},
            {"scheduled_only": "Only a class takes place at set dates. Switch on “Class” too, or switch this off."},
        ),
        (
            {"phases": [{"kind": "active", "minutes": 30}, {"kind": "processing", "minutes": 30}]},
            {"phases": "A class has no processing time. Take it out of the phases, or switch “Class” off."},
        ),
    ],
    ids=["class", "plain", "size alone", "one seat", "class alone", "set dates alone", "processing"],
)
def test_the_switches_of_a_class_must_agree(changes, found):
    assert rules.class_conflicts(**AGREES | changes) == found


def performer(**changes):
    return rules.Performer(**{"phases": HOUR, "shifts": ((1, 540, 780),)} | changes)


@pytest.mark.parametrize(
    ("changes", "how", "possible"),
    [
        ({}, {}, True),
        ({"phases": (("active", 240),)}, {}, True),
        ({"phases": (("active", 241),)}, {}, False),
        ({"phases": (("active", 240),), "buffer_after_min": 10}, {}, True),
        ({"phases": (("active", 240),), "buffer_after_min": 10}, {"hard_edges": True}, False),
        ({"phases": (("active", 130),), "breaks": ((1, 660, 690),)}, {}, False),
        ({"phases": (("active", 115), ("processing", 40), ("active", 30)), "breaks": ((1, 660, 690),)}, {}, True),
        ({}, {"opening": [(2, 0, 1440)]}, False),
        ({}, {"opening": [(1, 720, 1440)]}, True),
        ({}, {"service_hours": [(1, 750, 1440)]}, False),
        ({"shifts": ((7, 1380, 1500),), "phases": (("active", 120),)}, {}, True),
        ({"shifts": ()}, {}, False),
    ],
    ids=[
        "fits",
        "exactly",
        "too long",
        "soft edge",
        "hard edge",
        "between breaks",
        "processing over the break",
        "closed",
        "open",
        "hours of the service",
        "night",
        "never works",
    ],
)
def test_a_service_nobody_could_ever_start_is_found(changes, how, possible):
    assert rules.can_ever_start(performers=[performer(**changes)], **how) is possible


def test_one_person_who_can_is_enough():
    assert rules.can_ever_start(performers=[performer(shifts=()), performer()]) is True
    assert rules.can_ever_start(performers=[]) is False


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (540, 541, None),
        (1439, 2880, None),
        (540, 540, "end_min"),
        (540, 539, "end_min"),
        (1440, 1500, "start_min"),
        (540, 2881, "end_min"),
        (None, 540, None),
        (540, None, None),
    ],
)
def test_a_shift_has_a_length_and_begins_on_its_own_day(start, end, field):
    assert list(rules.shift_conflicts(start, end)) == ([field] if field else [])


@pytest.mark.parametrize(("end", "minutes"), [(1440, 1440), (1200, 2640), (120, 1560), (1560, 1560)])
def test_an_end_at_or_before_its_start_is_tomorrows(end, minutes):
    assert rules.end_after(1200, end) == minutes


@pytest.mark.parametrize(
    ("kind", "cents", "percent", "found"),
    [
        ("", 0, 0, {}),
        ("none", 9000, 0, {}),
        ("percent", 9000, 20, {}),
        ("fixed", 7000, 0, {}),
        ("fixed", 7001, 0, {"deposit_cents": "The deposit is more than the service costs, $70.00."}),
        ("fixed", 0, 0, {"deposit_cents": "Write how much the deposit is, or choose that there is none."}),
        (
            "percent",
            0,
            0,
            {"deposit_percent": "Write which share of the price the deposit is, or choose that there is none."},
        ),
    ],
)
def test_a_deposit_is_at_most_what_the_dearest_person_asks(kind, cents, percent, found):
    service = SimpleNamespace(deposit_type=kind, deposit_cents=cents, deposit_percent=percent)

    assert rules.deposit_conflicts(service, prices=[5000, 7000], money=lambda cents: f"${cents / 100:.2f}") == found


@pytest.mark.parametrize(
    ("business", "service", "fields"),
    [
        ((60, 60), (None, None), []),
        ((60, 60), (1440, 1), []),
        ((60, 60), (1441, 1), ["min_notice_min"]),
        ((1441, 60), (60, 1), ["horizon_days"]),
        ((60, 1), (1441, None), ["min_notice_min"]),
    ],
)
def test_the_notice_of_a_service_leaves_days(business, service, fields):
    assert list(rules.notice_conflicts(business=business, service=service)) == fields
