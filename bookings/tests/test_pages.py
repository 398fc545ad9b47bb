"""The booking site's pages as a browser without scripts gets them."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import links
from bookings.models import Booking, Closure, OpeningHours, ServiceCategory, ServiceTeamAssignment, Status
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.views.home import opening
from tenants.models import Business, FeeType

#: The host, the service, its people, and the diary in two messages.
QUERIES = 5

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def times(cut):
    return reverse("bookings:times", args=[cut.pk])


@pytest.fixture
def visit(salon, cut, ann):
    """A confirmed visit in a week, with its signed link."""
    booking = make_booking(salon, cut, at(salon))
    booking.token = links.manage_token(booking)
    return booking


def page(client, path, *args, status=200):
    response = client.get(path if path.startswith("/") else reverse(f"bookings:{path}", args=args))
    assert response.status_code == status
    return response.content.decode()


def starts(html):
    return re.findall(r'name="start" value="([^"]+)"', html)


# The front page


def test_home_lists_services_with_price_and_length(salon_client, salon, cut, ann):
    tom = make_member("Tom")
    ServiceTeamAssignment.objects.create(service=cut, team_member=tom, price_cents=4000)
    make_service("Nobody does this")
    html = page(salon_client, "home")

    assert re.findall(r'id="service-[^>]*>([^<]+)', html) == ["Cut"]
    assert '<span class="muted">from</span> $40.00' in html
    assert "60 min" in html


def test_both_names_lead_home(salon):
    assert reverse("home") == reverse("bookings:home") == "/"


@pytest.mark.parametrize("people", [1, 3])
def test_times_ask_the_database_equally_often_for_any_team(
    salon_client, salon, cut, times, people, django_assert_num_queries
):
    for number in range(people):
        make_member(f"Person {number}", performs=[cut])
    # This month may have no time left, and looking for the next that has one costs more.
    times = f"{times}?month={at(salon).astimezone(salon.zone):%Y-%m}"
    page(salon_client, times)

    with django_assert_num_queries(QUERIES) as asked:
        page(salon_client, times)
    assert not [query for query in asked.captured_queries if "INSERT" in query["sql"] or "UPDATE" in query["sql"]]


def test_home_puts_featured_services_first(salon_client, salon, cut, ann):
    category = ServiceCategory.objects.create(name="Hair")
    for order, (name, featured) in enumerate([("Plain", False), ("Loved", True)]):
        ServiceTeamAssignment.objects.create(
            service=make_service(name, category=category, is_featured=featured, sort_order=order), team_member=ann
        )
    html = page(salon_client, "home")

    assert re.findall(r'id="service-[^>]*>([^<]+)', html) == ["Loved", "Plain", "Cut"]


def test_home_tells_search_engines_the_same(salon_client, salon, cut, ann):
    html = page(salon_client, "home")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', html)[1])

    assert f'<link rel="canonical" href="{salon.url}/">' in html
    assert (data["@type"], data["name"], data["url"]) == ("HealthAndBeautyBusiness", salon.name, f"{salon.url}/")
    assert [(offer["itemOffered"]["name"], offer["price"]) for offer in data["makesOffer"]] == [("Cut", "50.00")]


def test_owners_words_cannot_become_markup(salon_client, salon, cut, ann):
    cut.name = cut.short_description = "</script><script>alert(1)</script>"
    cut.save()

    assert "<script>alert" not in page(salon_client, "home")


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("08:00", (False, "Closed now, opens at 09:00")),
        ("12:00", (True, "Open now, until 17:00")),
        ("18:00", (False, "Closed now, opens Tuesday 3 November at 09:00")),
    ],
)
def test_opening_is_said_in_the_salons_time(salon, clock, said):
    monday = datetime.combine(datetime(2026, 11, 2, tzinfo=UTC), time.fromisoformat(clock), salon.zone)
    hours = [OpeningHours(day_of_week=day, start_min=540, end_min=1020) for day in (1, 2)]
    state = opening(hours, monday)

    assert (state.now, state.sentence) == said


def test_a_closure_keeps_the_door_shut(salon):
    monday = datetime(2026, 11, 2, 12, tzinfo=salon.zone)
    Closure.objects.create(start_date=monday.date(), end_date=monday.date())
    hours = [OpeningHours(day_of_week=day, start_min=540, end_min=1020) for day in (1, 2)]

    assert opening(hours, monday).sentence == "Closed now, opens Tuesday 3 November at 09:00"


def test_a_night_shift_is_open_after_midnight(salon):
    hours = [OpeningHours(day_of_week=1, start_min=20 * 60, end_min=26 * 60)]

    assert opening(hours, datetime(2026, 11, 3, 1, tzinfo=salon.zone)).sentence == "Open now, until 02:00"


# Choosing a time


def test_times_open_on_the_first_day_that_has_any(salon_client, salon, cut, ann, times):
    today = timezone.now().astimezone(salon.zone).date()
    Closure.objects.create(start_date=today, end_date=today + timedelta(days=34))
    html = page(salon_client, times)

    first = datetime.fromisoformat(starts(html)[0]).astimezone(salon.zone)
    assert first.date() == today + timedelta(days=35)
    assert first.time() == time(9)


def test_an_asked_day_without_times_names_the_next_that_has(salon_client, salon, cut, ann, times):
    day = timezone.now().astimezone(salon.zone).date() + timedelta(days=3)
    Closure.objects.create(start_date=day, end_date=day + timedelta(days=1))
    html = page(salon_client, f"{times}?date={day}")

    free = day + timedelta(days=2)
    assert starts(html) == []
    assert re.search(rf'Next available: <a href="[^"]*date={free}"[^>]*>{free:%a} {free.day} {free:%b}<', html)


def test_a_day_of_the_month_is_free_exactly_when_it_shows_times(salon_client, salon, cut, times):
    """With a closed day, a weekday off, a day booked up, notice into tomorrow and a furthest date within the month."""
    today = timezone.now().astimezone(salon.zone).date()
    Business.objects.filter(pk=salon.pk).update(min_notice_min=30 * 60, horizon_days=9)
    ann = make_member(performs=[cut], works=(9 * 60, 10 * 60))
    ann.availability.filter(day_of_week=(today + timedelta(days=4)).isoweekday()).delete()
    Closure.objects.create(start_date=today + timedelta(days=5), end_date=today + timedelta(days=5))
    make_booking(salon, cut, at(salon, "09:00", days=6))
    months = {f"{today + timedelta(days=days):%Y-%m}" for days in range(12)}

    shown = [
        day
        for month in sorted(months)
        for day in salon_client.get(times, {"month": month}).context["picker"].month.days
        if day
    ]

    free = {day.iso for day in shown if day.free}
    opened = {day.iso: salon_client.get(times, {"date": day.iso}).context["picker"].open_day for day in shown}
    # A date that cannot be asked for shows another one.
    assert free == {iso for iso, day in opened.items() if day and day.slots and day.date.isoformat() == iso}
    assert free >= {f"{today + timedelta(days=days)}" for days in (2, 3, 7, 8, 9)}
    assert not free & {f"{today + timedelta(days=days)}" for days in (0, 4, 5, 6, 10)}


def test_a_full_calendar_says_so(salon_client, salon, cut, times):
    make_member(performs=[cut], works=(0, 1))
    html = page(salon_client, times)

    assert "Nothing is free in the coming" in html


@pytest.mark.parametrize(
    "query",
    ["?date=2026-02-31", "?date=x&month=9999-99", "?member=1", "?party=99999999", "?month=0001-01", "?date=9999-12-31"],
)
def test_nonsense_in_the_address_is_ignored(salon_client, cut, ann, times, query):
    assert starts(page(salon_client, times + query))


def test_a_month_that_is_over_opens_the_first_day_with_times_also_where_this_one_has_none(
    salon_client, salon, cut, ann, times
):
    today = timezone.now().astimezone(salon.zone).date()
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    Closure.objects.create(start_date=today, end_date=next_month - timedelta(days=1))

    html = page(salon_client, f"{times}?month=2020-01")

    assert datetime.fromisoformat(starts(html)[0]).astimezone(salon.zone).date() == next_month


def test_a_service_with_a_chosen_person_asks_for_one_first(salon_client, salon, cut, ann, times):
    tom = make_member("Tom", performs=[cut])
    cut.requires_team_member_selection = True
    cut.save()

    assert "Anyone available" not in page(salon_client, times)
    assert starts(page(salon_client, times)) == []
    assert starts(page(salon_client, f"{times}?member={tom.pk}"))


def test_an_unknown_service_is_a_404(salon_client, salon, cut):
    page(salon_client, "times", cut.pk, status=404)  # nobody performs it


def test_the_zone_is_named_and_right_across_the_clock_change(salon_client, salon, cut, ann, times):
    salon.horizon_days = 400
    salon.save()
    today = timezone.now().astimezone(salon.zone).date()
    coming = [date(year, month, 15) for year in (today.year, today.year + 1) for month in (1, 7)]
    summer, winter = (next(day for day in coming if day > today and day.month == month) for month in (7, 1))
    for day, offset in ((summer, 4), (winter, 5)):
        html = page(salon_client, f"{times}?date={day}")
        assert starts(html)[0] == f"{day}T{9 + offset:02d}:00:00Z"
        assert "Times in Eastern Time (New York)." in html


def test_looking_at_times_holds_nothing(salon_client, cut, ann, times):
    page(salon_client, times)

    assert Booking.objects.count() == 0


def test_losing_the_race_offers_three_times_nearby(salon_client, other_browser, salon, cut, ann, times):
    start = f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"
    won = salon_client.post(times, {"start": start})
    lost = other_browser.post(times, {"start": start})

    assert won.status_code == 302
    assert lost.status_code == 409
    nearby = re.findall(r'name="start" value="([^"]+)">\w{3} \d', lost.content.decode())
    assert len(nearby) == 3
    assert all(abs(datetime.fromisoformat(other) - at(salon)) <= timedelta(hours=2) for other in nearby)
    assert Booking.objects.filter(status=Status.HOLD).count() == 1


@pytest.fixture
def other_browser(client_for, rosa):
    return client_for(rosa)


@pytest.mark.parametrize(
    "start",
    [
        "",
        "yesterday",
        "2026-11-04T10:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T12:00:00+00:00",
    ],
)
def test_a_start_that_is_no_instant_is_asked_for_again(salon_client, cut, ann, times, start):
    response = salon_client.post(times, {"start": start})

    assert response.status_code == 422
    assert "Please choose a time." in response.content.decode()
    assert Booking.objects.count() == 0


def test_a_time_outside_the_rules_is_refused_in_words(salon_client, salon, cut, ann, times):
    response = salon_client.post(times, {"start": f"{at(salon, '03:00'):%Y-%m-%dT%H:%M:%SZ}"})

    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert Booking.objects.count() == 0


# One's own booking


@pytest.mark.parametrize("name", ["done", "manage", "reschedule", "cancel", "calendar"])
def test_reading_a_linked_page_changes_nothing(salon_client, visit, name):
    before = Booking.objects.values().get()
    response = salon_client.get(reverse(f"bookings:{name}", args=[visit.token]))

    assert response.status_code == 200
    assert Booking.objects.values().get() == before
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == ("same-origin" if name in ("reschedule", "cancel") else "no-referrer")
    assert "no-store" in response["Cache-Control"]


def test_the_link_carries_no_personal_data_and_works_on_another_device(other_browser, visit):
    assert len(visit.token) >= 43  # 32 bytes: the id and 128 bits nobody can guess
    assert "Your visit on" in page(other_browser, "manage", visit.token)


@pytest.mark.parametrize("name", ["done", "manage", "reschedule", "cancel", "calendar"])
def test_a_foreign_token_opens_nothing(salon_client, other_client, visit, name):
    wrong = ("A" if visit.token[-2] != "A" else "B").join([visit.token[:-2], visit.token[-1]])

    page(salon_client, name, wrong, status=404)
    page(other_client, name, visit.token, status=404)


def test_cancelling_in_time_is_free_and_takes_one_press(salon_client, salon, visit):
    html = page(salon_client, "cancel", visit.token)
    response = salon_client.post(reverse("bookings:cancel", args=[visit.token]), {"fee": "0"})

    assert "Cancelling is free." in html
    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.cancellation_fee_cents) == (Status.CANCELED, 0)


def test_a_late_cancellation_shows_its_fee_before_the_press(salon_client, salon, cut, ann):
    salon.cancellation_window_hours, salon.cancellation_fee_type, salon.cancellation_fee_cents = (
        720,
        FeeType.FIXED,
        2000,
    )
    salon.save()
    booking = make_booking(salon, cut, at(salon))
    path = reverse("bookings:cancel", args=[links.manage_token(booking)])

    assert "cancelling now costs $20.00" in page(salon_client, path)
    refused = salon_client.post(path, {"fee": "0"})
    booking.refresh_from_db()
    assert (refused.status_code, booking.status) == (409, Status.CONFIRMED)

    salon_client.post(path, {"fee": "2000"})
    booking.refresh_from_db()
    assert (booking.status, booking.cancellation_fee_cents) == (Status.CANCELED, 2000)


def test_moving_takes_a_start_and_keeps_the_price(salon_client, salon, visit):
    path = reverse("bookings:reschedule", args=[visit.token])
    later = at(salon, "15:00", days=8)
    response = salon_client.post(path, {"start": f"{later:%Y-%m-%dT%H:%M:%SZ}"})

    assert response.status_code == 302
    visit.refresh_from_db()
    assert (visit.start_at, visit.price_cents, visit.sequence) == (later, 5000, 1)


@pytest.mark.parametrize("name", ["reschedule", "cancel"])
def test_a_visit_that_has_begun_is_the_salons_to_change(salon_client, visit, name):
    now = timezone.now()
    Booking.objects.update(start_at=now - timedelta(minutes=1), end_at=now + timedelta(minutes=59))
    response = salon_client.post(reverse(f"bookings:{name}", args=[visit.token]), {"fee": "0", "start": "x"})

    assert response.url == reverse("bookings:manage", args=[visit.token])
    visit.refresh_from_db()
    assert visit.status == Status.CONFIRMED
    assert reverse(f"bookings:{name}", args=[visit.token]) not in page(salon_client, "manage", visit.token)


def test_the_calendar_file_is_whole(salon_client, salon, visit):
    response = salon_client.get(reverse("bookings:calendar", args=[visit.token]))
    calendar = icalendar.Calendar.from_ical(response.content)
    [event] = calendar.walk("VEVENT")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert event["DTSTART"].dt == visit.local_start
    assert event["SEQUENCE"] == 0
    assert str(calendar.walk("VTIMEZONE")[0]["TZID"]) == "America/New_York"


def test_the_confirmation_says_everything(salon_client, salon, visit):
    html = page(salon_client, "done", visit.token)

    for part in (visit.ref, "Cut", "Ann", "$50.00", "+1 212-555-0187", "calendar.google.com", "outlook.live.com"):
        assert part in html, part
    assert reverse("bookings:calendar", args=[visit.token]) in html
    assert reverse("bookings:manage", args=[visit.token]) in html
