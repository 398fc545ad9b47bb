"""Today: the day's visits, who is here, who is free, and what waits for somebody."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries, services
from bookings.models import Booking
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_past_visit, make_service
from dashboard.tests.pages import page, url
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
DAY = 16


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


def onto_today(visit, clock="12:00"):
    """Turn the calendar: the visit is today."""
    start = at(_salon_of(visit), clock, days=0)
    Booking.objects.filter(pk=visit.pk).update(
        start_at=start,
        end_at=start + (visit.end_at - visit.start_at),
        local_date=start.astimezone(visit.zone).date(),
    )
    visit.refresh_from_db()
    return visit


def _salon_of(visit):
    class Salon:
        zone = visit.zone

    return Salon


@pytest.fixture
def visit(salon, cut, ann):
    return onto_today(make_booking(salon, cut, at(salon)))


def shown(client, **query):
    return client.get(url("today"), query).context


@pytest.mark.parametrize("role", ["owner", "admin", "staff", "viewer"])
def test_every_role_sees_the_day(role, visit, desk):
    assert [row["visit"] for row in shown(desk(role))["rows"]] == [visit]


def test_a_row_offers_the_next_press_to_who_may(visit, desk):
    labels = {role: [label for _, label, _ in shown(desk(role))["rows"][0]["buttons"]] for role in ("staff", "viewer")}

    assert labels == {"staff": ["Check in", "Completed"], "viewer": []}


def test_tomorrow_nobody_is_here_yet(salon, cut, ann, desk):
    tomorrow = make_booking(salon, cut, at(salon, days=1))

    [row] = shown(desk(), day=tomorrow.local_date.isoformat())["rows"]

    assert [label for _, label, _ in row["buttons"]] == ["Cancelled"]


def test_cancelled_visits_are_not_the_days(salon, visit, desk, owner):
    services.cancel_booking(business=salon, booking=visit, by=_by(owner), now=timezone.now())

    assert shown(desk())["rows"] == []


def _by(user):
    from audit import actors

    return actors.user(user)


def test_another_day_is_a_page_of_its_own(salon, cut, ann, desk):
    coming = make_booking(salon, cut, at(salon, days=2))
    client = desk()

    there = shown(client, day=coming.local_date.isoformat())

    assert [row["visit"] for row in there["rows"]] == [coming]
    assert (there["is_today"], there["gaps"], there["waiting"]) == (False, [], [])
    assert there["after_url"] == url("today", day=(coming.local_date + timedelta(days=1)).isoformat())
    assert shown(client)["rows"] == []


@pytest.mark.parametrize("query", [{"day": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "soon"}, {"person": "nobody"}])
def test_an_address_that_says_nothing_shows_today(query, visit, desk):
    assert [row["visit"] for row in shown(desk(), **query)["rows"]] == [visit]


def test_one_persons_day(salon, visit, desk):
    colour = make_service("Colour")
    bob = make_member("Bob", performs=[colour])
    guest = Details(name="Cleo Dee", email="cleo@example.com", phone="+12125550166")
    theirs = onto_today(make_booking(salon, colour, at(salon), details=guest))

    there = shown(desk(), person=bob.pk)

    assert [row["visit"] for row in there["rows"]] == [theirs]


def test_who_is_here(visit, desk, owner):
    services.check_in(booking=visit, by=_by(owner), now=timezone.now())

    assert [row["visit"] for row in shown(desk())["here_now"]] == [visit]


@pytest.fixture
def beside(salon, visit, ann):
    """Another visit of the same day."""
    colour = make_service("Colour")
    make_member("Bob", performs=[colour])
    guest = Details(name="Cleo Dee", email="cleo@example.com", phone="+12125550166")
    return onto_today(make_booking(salon, colour, at(salon), details=guest))


def test_a_row_is_fetched_alone(visit, beside, desk):
    answer = desk().get(url("today-list"), {"only": str(visit.pk)})

    assert [row["visit"] for row in answer.context["rows"]] == [visit]
    assert f'id="visit-{visit.pk}" hx-swap-oob="true"' in answer.text
    assert 'id="day"' not in answer.text
    assert answer["HX-Reswap"] == "none"


@pytest.mark.parametrize(
    "only", ["", "nonsense", f"{UUID(int=1)}", "moved away", ",".join(str(UUID(int=number)) for number in range(11))]
)
def test_the_whole_list_comes_where_a_row_is_not_there(only, visit, beside, salon, cut, desk):
    if only == "moved away":
        only = f"{visit.pk},{make_booking(salon, cut, at(salon, days=2)).pk}"

    answer = desk().get(url("today-list"), {"only": only})

    assert {row["visit"] for row in answer.context["rows"]} == {visit, beside}
    assert 'id="day"' in answer.text
    assert "HX-Reswap" not in answer


def test_a_row_of_another_salon_is_not_there(visit, nora, desk):
    with tenant_context(nora):
        make_member("Eve", performs=[theirs := make_service("Cut")])
        foreign = onto_today(make_booking(nora, theirs, at(nora)))

    answer = desk().get(url("today-list"), {"only": str(foreign.pk)})

    assert [row["visit"] for row in answer.context["rows"]] == [visit]
    assert str(foreign.pk) not in answer.text.replace(f"only={foreign.pk}", "")


def test_what_waits_is_counted_as_in_the_admin(salon, cut, ann, desk, owner, client_for):
    make_past_visit(make_booking(salon, cut, at(salon)))
    salon.auto_confirm = False
    salon.save(update_fields=["auto_confirm"])
    guest = Details(name="Cleo Dee", email="cleo@example.com", phone="+12125550166")
    make_booking(salon, cut, at(salon), details=guest)
    client = client_for(salon, owner)

    waiting = shown(client)["waiting"]
    admins = client.get("/admin/").context["waiting"]

    assert waiting == [
        ("1 booking to confirm", url("visits", status="pending")),
        ("1 past visit to close", url("visits", when="unclosed")),
    ]
    assert [text for _, text, _ in admins] == [text for text, _ in waiting]
    for _, address in waiting:
        assert len(client.get(address).context["rows"]) == 1


def test_the_list_is_fetched_by_itself(visit, desk):
    client = desk()
    address = shown(client)["list_url"]

    part = client.get(address)

    assert part.text.lstrip().startswith('<div class="desk-day" id="day"')
    assert page(visit) in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_day_costs_the_same_for_one_and_three(number, salon, cut, ann, desk, django_assert_num_queries):
    for hour in range(number):
        guest = Details(name=f"Guest {hour}", email=f"g{hour}@example.com", phone=f"+1212555016{hour}")
        onto_today(make_booking(salon, cut, at(salon, f"{10 + hour}:00"), details=guest), f"{10 + hour}:00")
    client = desk()
    client.get(url("today"))

    with django_assert_num_queries(DAY):
        client.get(url("today"))


@pytest.mark.parametrize("name", ["today", "today-list", "visits", "search"])
def test_strangers_and_other_salons_members_see_nothing(name, salon, other_salon, client_for, member):
    assert client_for(salon).get(url(name)).status_code == 302
    assert client_for(salon, member("owner", other_salon)).get(url(name)).status_code == 404


# Gaps ----------------------------------------------------------------------------------------------


def test_gaps_are_what_visits_leave_of_a_day(salon, cut, ann):
    make_booking(salon, cut, at(salon, "10:00"))
    make_booking(salon, cut, at(salon, "13:30"), details=Details("Cleo Dee", "cleo@example.com", "+12125550166"))
    morning = at(salon, "08:00")

    found = queries.gaps(business=salon, day=morning.astimezone(salon.zone).date(), now=morning)

    assert [(f"{gap.start:%H:%M}", f"{gap.end:%H:%M}", gap.is_now) for gap in found] == [
        ("09:00", "10:00", False),
        ("11:00", "13:30", False),
        ("14:30", "17:00", False),
    ]


def test_a_gap_begins_now_and_a_breath_is_none(salon, cut, ann):
    make_booking(salon, cut, at(salon, "10:00"))
    day = at(salon, "09:20").astimezone(salon.zone).date()

    def starts(clock):
        found = queries.gaps(business=salon, day=day, now=at(salon, clock))
        return [(f"{gap.start:%H:%M}", gap.is_now) for gap in found]

    assert starts("09:20") == [("09:20", True), ("11:00", False)]
    assert starts("09:50") == [("11:00", False)]
    assert starts("17:00") == []


def test_everybodys_gaps_cost_two_questions(salon, cut, ann, django_assert_num_queries):
    make_member("Bob", performs=[cut])

    with django_assert_num_queries(2):
        queries.gaps(business=salon, day=at(salon).date(), now=at(salon))
