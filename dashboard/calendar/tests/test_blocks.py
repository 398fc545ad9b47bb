"""Time is blocked, changed and given back: by those who arrange the salon, as in the API."""

import html
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from bookings.models import TimeBlock
from bookings.tests.factories import at, make_booking
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC

NEW = "/dashboard/calendar/blocks/new/"
PUT_BACK = "/dashboard/calendar/blocks/put-back/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def block(salon, ann):
    return TimeBlock.objects.create(
        team_member=ann, starts_at=at(salon, "12:00"), ends_at=at(salon, "13:00"), reason="Dentist"
    )


def rows():
    return list(TimeBlock.objects.order_by("pk").values())


def kept():
    return [(block.team_member, block.starts_at, block.ends_at, block.reason) for block in TimeBlock.objects.all()]


def typed(salon, person, start="12:00", end="13:00", **more):
    day = at(salon).astimezone(salon.zone).date().isoformat()
    body = {"person": person.pk, "date": day, "time": start, "until_date": day, "until_time": end, "reason": "Dentist"}
    return body | more


def drop(client, salon, block, **more):
    day = block.starts_at.astimezone(salon.zone).date()
    body = {"kind": "block", "pk": block.pk, "view": "day", "date": day.isoformat()}
    times = {name: f"{day}T{value}:00" for name, value in more.items() if name in ("start", "end")}
    return client.post("/dashboard/calendar/drop", body | more | times, **JSON)


def said(answer):
    return html.unescape(" ".join(answer.content.decode().split()))


def test_the_form_is_filled_in_by_the_address(salon, ann, desk):
    form = desk("admin").get(f"{NEW}?start=2027-01-04T12:00&end=2027-01-04T14:30&person={ann.pk}").context["form"]

    assert [str(form[name].value()) for name in ("person", "date", "time", "until_date", "until_time")] == [
        str(ann.pk),
        "2027-01-04",
        "12:00:00",
        "2027-01-04",
        "14:30:00",
    ]


@pytest.mark.parametrize(
    "query", ["", "?start=noon&end=x&person=nobody", "?start=9999-12-31T23:30", "?date=2027-01-04", "?date=never"]
)
def test_a_form_without_an_address_proposes_an_hour(ann, desk, query):
    answer = desk("admin").get(f"{NEW}{query}")

    assert answer.status_code == 200


def test_time_is_blocked_and_given_back_at_once(salon, ann, desk):
    browser = desk("admin")

    page = browser.post(NEW, typed(salon, ann), follow=True)

    assert kept() == [(ann, at(salon, "12:00"), at(salon, "13:00"), "Dentist")]
    remove = f"/dashboard/calendar/blocks/{TimeBlock.objects.get().pk}/remove/"
    assert f'action="{remove}"' in page.content.decode()
    browser.post(remove)
    assert kept() == []


def seen(answer):
    """What the button of a page that names visits sends."""
    return {"seen": answer.context["mark"]}


def test_visits_in_the_way_are_named_before_time_is_blocked(salon, ann, visit, desk):
    browser, body = desk("admin"), typed(salon, ann, "10:30", "12:00")

    asked = browser.post(NEW, body)
    before = kept()
    page = browser.post(NEW, body | seen(asked), follow=True)

    assert (before, len(kept())) == ([], 1)
    assert [row["visit"] for row in asked.context["rows"]] == [visit]
    assert "Not saved yet: 1 visit in this time" in said(asked)
    assert "Block this time, and keep 1 visit" in said(asked)
    assert "1 visit stands in this time and stays until you move it." in said(page)


def test_a_visit_that_was_booked_meanwhile_is_named_too(salon, ann, cut, visit, desk):
    browser, body = desk("admin"), typed(salon, ann, "10:30", "12:00")
    asked = browser.post(NEW, body)
    other = make_booking(salon, cut, at(salon, "11:00"), team_member=ann)

    again = browser.post(NEW, body | seen(asked))
    page = browser.post(NEW, body | seen(again), follow=True)

    assert [row["visit"] for row in again.context["rows"]] == [visit, other]
    assert "2 visits stand in this time and stay until you move them." in said(page)
    assert len(kept()) == 1


def test_a_block_that_grows_over_a_visit_asks_and_one_that_lay_there_does_not(salon, ann, cut, visit, block, desk):
    browser, url = desk("admin"), f"/dashboard/calendar/blocks/{block.pk}/"

    asked = browser.post(url, typed(salon, ann, "10:30", "13:00"))
    browser.post(url, typed(salon, ann, "10:30", "13:00") | seen(asked))
    shorter = browser.post(url, typed(salon, ann, "10:30", "12:30"))

    assert [row["visit"] for row in asked.context["rows"]] == [visit]
    assert shorter.status_code == 302
    assert kept() == [(ann, at(salon, "10:30"), at(salon, "12:30"), "Dentist")]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"until_time": "11:00"}, "until_time", "The end must be after the start."),
        ({"until_date": "2030-01-01"}, "__all__", "Block at most two years at once."),
        ({"time": ""}, "time", "This field is required."),
        ({"person": str(uuid4())}, "person", "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_a_refused_block_is_not_there(salon, ann, desk, change, field, sentence):
    answer = desk("admin").post(NEW, typed(salon, ann) | change)

    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [sentence]})
    assert kept() == []


def test_a_block_is_changed_and_put_back(salon, ann, bea, block, desk):
    browser = desk("admin")
    before = kept()

    answer = browser.post(f"/dashboard/calendar/blocks/{block.pk}/", typed(salon, bea, "14:00", "15:30"), **JSON)

    assert kept() == [(bea, at(salon, "14:00"), at(salon, "15:30"), "Dentist")]
    undo = answer.json()["undo"]
    assert browser.post(undo["url"], undo["fields"], **JSON).status_code == 200
    assert kept() == before


def test_a_way_back_takes_no_later_change_back(salon, bea, block, desk):
    """Two at two desks: the one's way back is still on the screen when the other moves the block on."""
    browser = desk("admin")
    undo = drop(browser, salon, block, start="14:00").json()["undo"]
    drop(browser, salon, block, start="15:00", person=bea.pk)
    before = rows()

    answer = browser.post(undo["url"], undo["fields"], **JSON)

    assert (answer.status_code, answer.json()["code"]) == (409, "changed_since")
    assert rows() == before


def test_a_block_over_a_clock_change_becomes_as_long_as_it_is_drawn(salon, block, desk):
    """From 00:30 in the night of 7 November, with the hour that comes twice in between; drawn until 02:30."""
    start = datetime(2027, 11, 7, 0, 30, tzinfo=salon.zone)
    TimeBlock.objects.update(starts_at=start, ends_at=start.astimezone(UTC) + timedelta(hours=1))

    answer = drop(desk("admin"), salon, TimeBlock.objects.get(), view="week", end="02:30")

    block.refresh_from_db()
    assert (answer.status_code, block.ends_at - block.starts_at) == (200, timedelta(hours=2))


def test_a_removed_block_is_put_back(block, desk):
    browser, before = desk("admin"), kept()

    undo = browser.post(f"/dashboard/calendar/blocks/{block.pk}/remove/", **JSON).json()["undo"]

    assert kept() == []
    assert browser.post(undo["url"], undo["fields"], **JSON).status_code == 200
    assert kept() == before


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_block_is_not_put_beyond_all_days(ann, block, desk, far):
    browser = desk("admin")
    undo = browser.post(f"/dashboard/calendar/blocks/{block.pk}/remove/", **JSON).json()["undo"]

    for name in ("starts_at", "ends_at"):
        assert browser.post(undo["url"], undo["fields"] | {name: far}, **JSON).status_code == 403

    assert kept() == []


def test_a_block_is_dragged_and_made_longer(salon, ann, bea, block, desk):
    browser = desk("admin")

    drop(browser, salon, block, start="09:30", person=bea.pk)
    answer = drop(browser, salon, block, end="11:00")

    assert answer.status_code == 200
    assert kept() == [(bea, at(salon, "09:30"), at(salon, "11:00"), "Dentist")]


def test_a_block_without_length_is_refused(salon, block, desk):
    before = rows()

    answer = drop(desk("admin"), salon, block, end="11:00")

    assert (answer.status_code, answer.json()["detail"]) == (422, "The end must be after the start.")
    assert rows() == before


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_who_does_not_arrange_the_salon_blocks_nothing(salon, ann, block, desk, role):
    browser, before = desk(role), rows()
    own = f"/dashboard/calendar/blocks/{block.pk}/"

    answers = [
        browser.get(NEW),
        browser.post(NEW, typed(salon, ann)),
        browser.get(own),
        browser.post(own, typed(salon, ann, "14:00", "15:00")),
        browser.post(f"{own}remove/"),
        browser.post(PUT_BACK, {"person": ann.pk}),
        drop(browser, salon, block, start="09:30"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 7
    assert rows() == before


def test_another_salons_block_is_not_found(salon, ann, block, client_for, other_salon, member):
    browser, before = client_for(other_salon, member("owner", other_salon)), rows()
    own = f"/dashboard/calendar/blocks/{block.pk}/"
    again = {"person": ann.pk, "starts_at": block.starts_at.isoformat(), "ends_at": block.ends_at.isoformat()}

    answers = [
        browser.get(own),
        browser.post(own, typed(salon, ann)),
        browser.post(f"{own}remove/"),
        browser.post(PUT_BACK, again),
        drop(browser, salon, block, start="09:30"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert rows() == before


def test_blocking_a_night_with_a_repeated_hour_takes_both_of_them(salon, ann, desk):
    body = typed(salon, ann, "01:00", "01:30", date="2027-11-07", until_date="2027-11-07")

    desk("admin").post(NEW, body)

    block = TimeBlock.objects.get()
    assert block.ends_at - block.starts_at == timedelta(minutes=90)
    assert block.starts_at == datetime(2027, 11, 7, 5, tzinfo=UTC)


def test_the_day_opens_at_whose_time_was_blocked(salon, ann, bea, desk):
    page = desk("admin").post(NEW, typed(salon, bea), follow=True)

    assert (page.context["opens"], page.context["asked"].person) == (bea, None)
    assert f"{NEW}?date={at(salon).date()}&amp;person={bea.pk}" in page.content.decode()
    assert f"column={bea.pk}" in page.context["next_url"]


@pytest.mark.parametrize(
    "column", ["", "nobody", str(uuid4())], ids=("nobody asked for", "no person", "an unknown one")
)
def test_a_day_opens_at_ones_own_where_the_address_names_nobody_of_the_team(ann, desk, column):
    page = desk("admin").get(f"/dashboard/calendar/?view=day&column={column}")

    assert page.context["opens"] == ann


def test_a_form_that_is_left_goes_back_to_the_day_it_was_for(salon, ann, bea, desk):
    back = desk("admin").get(f"{NEW}?date=2027-01-04&person={bea.pk}").context["back_url"]

    assert back == f"/dashboard/calendar/?view=day&date=2027-01-04&column={bea.pk}"
