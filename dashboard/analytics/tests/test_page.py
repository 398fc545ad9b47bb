"""The page of figures: who sees it, what it shows, and that it, its files and the API say the same."""

import csv
import io
import re
from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.tests.factories import make_member, make_service
from bookings.tests.figures import visited
from payments.tests.test_figures import moved
from tenants.models import Role
from tenants.permissions import TABLE, Permission
from tenants.tests.api import NO_STATIC, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
PAGE = "/dashboard/analytics/"
MARCH = {"period": "month", "on": "2026-03-10"}


@pytest.fixture
def cut(salon):
    type(salon).objects.filter(pk=salon.pk).update(created_at="2026-02-01T12:00:00+00:00")
    return make_service()


@pytest.fixture
def ann(cut):
    return make_member(performs=[cut])


@pytest.fixture
def march(salon, cut, ann):
    """Three visits in March, one of them missed; 50.00 captured and 10.00 given back; 80.00 for the week before."""
    for day, clock, who, status in (
        (2, "10:00", "Anna", "completed"),
        (9, "10:00", "Anna", "completed"),
        (9, "12:00", "Bea", "no_show"),
    ):
        visited(salon, cut, ann, date(2026, 3, day), clock, who=who, status=status)
    booking = visited(salon, cut, ann, date(2026, 2, 24), who="Cleo")
    moved(8000, at="2026-02-24T16:00:00Z", booking=booking)
    moved(5000, at="2026-03-09T16:00:00Z", booking=booking)
    moved(1000, "refund", at="2026-03-10T16:00:00Z", booking=booking)


@pytest.fixture
def browser(client_for, rosa, member):
    return lambda role="owner": client_for(rosa, member(role))


def sheet(client, key, **query):
    answer = client.get(f"{PAGE}{key}.csv", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def stats(answer):
    return {stat.label: (stat.value, stat.change, stat.before) for stat in answer.context["stats"]}


@pytest.mark.parametrize("role", Role.values)
def test_every_role_sees_figures(role, browser, march):
    answer = browser(role).get(PAGE, MARCH)

    assert answer.status_code == 200
    assert stats(answer)["Revenue"] == ("$40.00", "50 % less", "$80.00")


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}visits.csv"])
def test_strangers_and_other_salons_see_nothing(path, client_for, rosa, nora, member, salon_client):
    assert salon_client.get(path).status_code == 302
    assert client_for(rosa, member("owner", nora)).get(path).status_code == 404


def test_a_salon_counts_its_own_alone(client_for, nora, member, march):
    answer = client_for(nora, member("owner", nora)).get(PAGE, MARCH)

    assert stats(answer)["Visits"] == ("0", "", "")


@pytest.fixture
def withheld(monkeypatch):
    """`withheld(permission)`: viewers do not have it."""
    return lambda permission: monkeypatch.setitem(TABLE[permission], Role.VIEWER, False)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}visits.csv"])
def test_who_may_not_see_figures_is_refused(path, browser, withheld):
    withheld(Permission.VIEW_ANALYTICS)

    assert browser("viewer").get(path).status_code == 403


def test_who_may_not_see_payments_sees_no_amount(browser, march, withheld):
    withheld(Permission.VIEW_MONEY)
    viewer = browser("viewer")

    answer = viewer.get(PAGE, MARCH)

    assert stats(answer)["Visits"] == ("2", "100 % more", "1")
    assert "Revenue" not in stats(answer)
    assert not re.search(r"\$|Worth|Revenue", answer.content.decode().partition("figures-stats")[2])
    assert viewer.get(f"{PAGE}revenue-usd.csv", MARCH).status_code == 404
    assert sheet(viewer, "services", **MARCH)[0] == ["Service", "Booked", "Share (%)"]


def test_figures_at_a_glance(browser, march):
    """February (28 days) had one visit, one customer who did not come back; it is over. Occupancy: 3 of 31 × 8 hours."""
    assert stats(browser().get(PAGE, MARCH)) == {
        "Revenue": ("$40.00", "50 % less", "$80.00"),
        "Visits": ("2", "100 % more", "1"),
        "New customers’ visits": ("1", "as much", "1"),
        "No-shows": ("33 %", "33.3 points more", "0 %"),
        "Late cancellations": ("0 %", "as much", "0 %"),
        "Occupancy": ("1.2 %", "0.8 points more", "0.4 %"),
        "Came back within 90 days": ("50 %", "", ""),
    }


@pytest.mark.parametrize("by", ["day", "week", "month"])
@pytest.mark.parametrize("key", ["visits", "occupancy", "revenue-usd"])
def test_bars_add_up_to_the_whole(key, by, browser, march):
    head, *rows, total = sheet(browser(), key, **MARCH, by=by)

    for number, heading in enumerate(head):
        if number and "%" not in heading and "rate" not in heading.lower():
            assert sum(float(row[number]) for row in rows) == float(total[number]), heading


def test_a_file_says_what_the_page_says(browser, march):
    assert sheet(browser(), "visits", **MARCH, by="week") == [
        ["Week", "Booked", "Completed", "Not closed yet", "Cancelled", "No-shows", "No-show rate (%)", "Late cancellations",
         "Late rate (%)", "New", "Returning"],
        ["1 March 2026", "0", "0", "0", "0", "0", "", "0", "", "0", "0"],
        ["2–8 March 2026", "1", "1", "0", "0", "0", "0.0", "0", "0.0", "1", "0"],
        ["9–15 March 2026", "2", "1", "0", "0", "1", "50.0", "0", "0.0", "0", "1"],
        ["16–22 March 2026", "0", "0", "0", "0", "0", "", "0", "", "0", "0"],
        ["23–29 March 2026", "0", "0", "0", "0", "0", "", "0", "", "0", "0"],
        ["30–31 March 2026", "0", "0", "0", "0", "0", "", "0", "", "0", "0"],
        ["Together", "3", "2", "0", "0", "1", "33.3", "0", "0.0", "1", "1"],
    ]  # fmt: skip


def test_page_file_and_api_agree(browser, rosa, member, march):
    asked = {"start_date": "2026-03-01", "end_date": "2026-03-31"}
    api = signed_in(rosa, member("admin")).get("/api/v1/admin/analytics", **asked).json()
    client = browser()

    visits, full, money, services, people = (
        sheet(client, key, **MARCH)[-1] for key in ("visits", "occupancy", "revenue-usd", "services", "people")
    )

    counted, worked = api["bookings"], api["occupancy"]
    assert visits[1:6] == [str(counted["total"]), "2", "0", "0", str(counted["no_shows"])]
    assert visits[9:] == [str(counted["new"]), str(counted["returning"])]
    assert full[1:3] == [str(worked["booked_min"]), str(worked["working_min"])] == people[4:6] == ["180", "14880"]
    assert money[1:5] == ["50.00", "10.00", "0.00", "40.00"]
    assert api["revenue"]["totals"][0]["net_cents"] == 4000
    assert (services[1], services[3]) == ("2", "100.00") == (str(api["services"][0]["count"]), people[7])
    assert people[8] == "40.00"


def test_one_person_and_no_other(browser, salon, cut, march):
    bob = make_member("Bob")
    visited(salon, cut, bob, date(2026, 3, 20), who="Dora")
    client = browser()

    answer = client.get(PAGE, MARCH | {"person": bob.pk})

    assert (stats(answer)["Visits"], stats(answer)["Revenue"]) == (("1", "", ""), ("$0.00", "", ""))
    assert [row[0] for row in sheet(client, "people", **MARCH, person=bob.pk)[1:]] == ["Bob", "Together"]
    assert b"person=" + str(bob.pk).encode() in answer.content


@pytest.mark.parametrize("person", [uuid4(), "nobody"])
def test_a_person_who_is_not_of_the_team_does_not_exist(person, browser):
    assert browser().get(PAGE, {"person": person}).status_code == 404


def test_who_has_left_keeps_their_visits(browser, salon, cut, march):
    gone = make_member("Gus", is_active=False)
    make_member("Never here", is_active=False)
    visited(salon, cut, gone, date(2026, 3, 20), who="Dora")

    rows = sheet(browser(), "people", **MARCH)

    assert [row[:2] for row in rows[1:]] == [["Ann", "3"], ["Gus", "1"], ["Together", "4"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "custom"}, "start"),
        ({"period": "custom", "start": "2026-03-02"}, "end"),
        ({"period": "custom", "start": "2026-03-02", "end": "2026-03-01"}, "end"),
        ({"period": "custom", "start": "2024-01-01", "end": "2026-01-01"}, "end"),
        ({"period": "custom", "start": "0001-01-01", "end": "2026-02-01"}, "start"),
        ({"period": "custom", "start": "soon", "end": "2026-03-01"}, "start"),
        ({"period": "month", "on": "9999-12-31"}, "on"),
        ({"period": "decade"}, "period"),
        ({"by": "hour"}, "by"),
    ],
)
def test_dates_that_make_no_sense_are_explained(query, field, browser, march):
    client = browser()

    answer = client.get(PAGE, query)

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert client.get(f"{PAGE}visits.csv", query).status_code == 404


def test_two_years_are_shown_by_month_and_the_time_before_them(browser, march):
    answer = browser().get(PAGE, {"period": "custom", "start": "2025-01-01", "end": "2026-12-31"})

    assert answer.context["before"] == "2 January 2023 – 31 December 2024"
    assert stats(answer)["Visits"][0] == "3"
    rows = sheet(browser("admin"), "visits", period="custom", start="2025-01-01", end="2026-12-31")
    assert len(rows) == 1 + 24 + 1


def test_a_new_salon_is_told_what_will_be_here(browser):
    answer = browser().get(PAGE)

    assert b"No figures yet" in answer.content
    assert b"<svg viewBox" not in answer.content.partition(b'class="desk"')[2].replace(b'<svg class="icon"', b"")


def test_a_salon_of_one_day_has_figures(browser, salon, cut, ann):
    type(salon).objects.filter(pk=salon.pk).update(created_at=timezone.now())
    visited(salon, cut, ann, timezone.now().astimezone(salon.zone).date(), "16:00", status="confirmed")

    found = stats(browser().get(PAGE))

    assert (found["Visits"], found["Occupancy"], found["No-shows"]) == (("1", "", ""), ("12 %", "", ""), ("–", "", ""))


def test_currencies_stand_beside_each_other(browser, salon, cut, ann):
    moved(1234567, currency="KWD", at="2026-03-09T16:00:00Z")
    moved(5000, currency="JPY", at="2026-03-09T16:00:00Z")
    visited(salon, cut, ann, date(2026, 3, 9), currency_code="JPY", price_cents=700)
    client = browser()

    answer = client.get(PAGE, MARCH)

    revenue = [stat.value for stat in answer.context["stats"] if stat.label == "Revenue"]
    assert revenue == ["¥5,000", "KWD1,234.567"]
    assert sheet(client, "revenue-kwd", **MARCH)[-1][1] == "1234.567"
    assert sheet(client, "revenue-jpy", **MARCH)[-1][1] == "5000"
    assert sheet(client, "services", **MARCH)[0] == ["Service", "Booked", "Share (%)", "Worth JPY", "Worth KWD"]


@pytest.mark.parametrize("seen", [True, False], ids=("money", "no money"))
def test_how_many_queries_depends_on_nothing(seen, browser, salon, cut, march, withheld, django_assert_num_queries):
    if not seen:
        withheld(Permission.VIEW_MONEY)
    client = browser("viewer")
    client.get(PAGE)

    with django_assert_num_queries(22 if seen else 14):
        client.get(PAGE, MARCH)
    bob = make_member("Bob")
    for number in range(3):
        visited(salon, make_service(f"Service {number}"), bob, date(2026, 3, 20 + number), who=f"Guest {number}")
        moved(100, at="2026-03-09T16:00:00Z")
    with django_assert_num_queries(22 if seen else 14):
        client.get(PAGE, {"period": "year", "on": "2026-03-01"})


def test_what_the_figures_mean_is_said_on_the_page_and_in_the_api(browser, march):
    from django.utils.html import escape
    from drf_spectacular.generators import SchemaGenerator

    from bookings.queries import figures, worktime
    from payments import figures as money

    page = browser().get(PAGE, MARCH).content.decode()
    operations = SchemaGenerator(urlconf="config.urls_salon").get_schema(public=True)["paths"]
    documented = "".join(
        operations[f"/api/v1/admin/analytics{path}"]["get"]["description"] for path in ("", "/revenue", "/bookings")
    )

    for meaning in (*figures.MEANINGS.values(), worktime.MEANING, *money.MEANINGS.values()):
        assert escape(meaning) in page
        assert meaning in documented
