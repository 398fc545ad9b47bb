"""Before hours, closures, lengths and a person's leaving are saved, a page says what would be different."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Closure, OpeningHours, Service, TeamMember
from bookings.tests.factories import at, make_booking, make_member, make_service
from dashboard.settings.shown import runs
from tenants.models import Business
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
SETTINGS = "/dashboard/settings/"
AFTERNOONS = {f"day_{day}": "12:00–17:00" for day in range(1, 8)}


@pytest.fixture
def salon(rosa):
    with tenant_context(rosa):
        yield rosa


@pytest.fixture
def ann(salon):
    return make_member("Ann", performs=[make_service()])


@pytest.fixture
def visit(salon, ann):
    return make_booking(salon, ann.assignments.get().service, at(salon, "10:00"))


@pytest.fixture
def desk(salon, client_for, member):
    return client_for(salon, member("admin"))


def sent(salon, ann, visit):
    """(page, what is sent, whether it was saved) of every kind of change."""
    cut, day = ann.assignments.get().service, visit.local_date
    return {
        "hours": ("hours/", AFTERNOONS, lambda: OpeningHours.objects.exists()),
        "week": (
            f"team/{ann.pk}/",
            {"save": "week"} | {f"week-{name}": text for name, text in AFTERNOONS.items()},
            lambda: set(ann.availability.values_list("start_min", flat=True)) == {720},
        ),
        "closure": ("closures/", {"start_date": day.isoformat()}, lambda: Closure.objects.exists()),
        "length": (
            "lengths/",
            {"service": str(cut.pk), "minutes": "90"},
            lambda: Service.objects.get(pk=cut.pk).duration_min == 90,
        ),
        "leaving": (
            f"team/{ann.pk}/",
            {"save": "leave"},
            lambda: not TeamMember.objects.get(pk=ann.pk).is_active,
        ),
    }


@pytest.mark.parametrize("kind", ["hours", "week", "closure", "length", "leaving"])
def test_a_change_is_shown_and_then_saved_by_a_second_press(kind, desk, salon, ann, visit):
    (page, data, saved), noted = sent(salon, ann, visit)[kind], AuditEntry.objects.count()

    shown = desk.post(SETTINGS + page, data)
    before = saved(), AuditEntry.objects.count()
    answer = desk.post(SETTINGS + page, data | {"seen": shown.context["token"]})

    outside = kind != "length"
    assert (f"/dashboard/calendar/{visit.pk}/move/" in shown.text) == outside
    assert all(f'name="{name}" value="{value}"' in shown.text for name, value in data.items())
    assert before == (False, noted)
    assert answer.status_code == 302
    assert (answer["Location"] == f"{SETTINGS}outside/") == outside
    assert (saved(), AuditEntry.objects.count()) == (True, noted + 1)


def test_what_was_shown_is_shown_again_where_something_has_changed_since(desk, salon, ann, visit):
    page, data, saved = sent(salon, ann, visit)["hours"]
    token = desk.post(SETTINGS + page, data).context["token"]
    make_booking(salon, ann.assignments.get().service, at(salon, "10:00", days=8))

    stale = desk.post(SETTINGS + page, data | {"seen": token})
    noticed = saved()
    desk.post(SETTINGS + page, data | {"seen": stale.context["token"]})

    assert "Something has changed since" in stale.text
    assert len(stale.context["rows"]) == 2
    assert (noticed, saved()) == (False, True)


@pytest.mark.parametrize("token", ["", "x", "x" * 9000])
def test_a_made_up_token_saves_nothing(token, desk, salon, ann, visit):
    page, data, saved = sent(salon, ann, visit)["leaving"]

    assert "Not saved" in desk.post(SETTINGS + page, data | {"seen": token}).text
    assert not saved()


def test_the_form_comes_back_with_what_was_written(desk, salon, ann, visit):
    page, data, saved = sent(salon, ann, visit)["hours"]

    text = desk.post(SETTINGS + page, data | {"again": "1"}).text

    assert text.count('value="12:00–17:00"') == 7
    assert not saved()


def test_what_nobody_would_notice_is_saved_at_once(desk, salon):
    desk.post(f"{SETTINGS}hours/", AFTERNOONS)

    assert OpeningHours.objects.count() == 7


def test_a_service_that_fits_into_nobodys_time_is_named(desk, salon, ann, visit):
    page, data, _ = sent(salon, ann, visit)["length"]
    data |= {"minutes": "600"}
    token = desk.post(SETTINGS + page, data).context["token"]

    answer = desk.post(SETTINGS + page, data | {"seen": token}, follow=True)

    assert "“Cut” fits into nobody’s working time" in answer.text


def test_who_may_not_see_customers_sees_no_names_and_who_may_not_work_moves_nothing(
    salon, ann, visit, client_for, member
):
    Business.objects.filter(pk=salon.pk).update(role_changes={"arrange": {"staff": True}})
    staff = client_for(salon, member("staff"))
    page, data, saved = sent(salon, ann, visit)["hours"]

    allowed = staff.post(SETTINGS + page, data)
    refused = client_for(salon, member("viewer")).post(SETTINGS + page, data).status_code

    assert (visit.contact_name in allowed.text, refused, saved()) == (True, 403, False)


def test_who_cannot_leave_as_they_stand_is_told_why(desk, ann):
    TeamMember.objects.filter(pk=ann.pk).update(phone="+1999")

    answer = desk.post(f"{SETTINGS}team/{ann.pk}/", {"save": "leave"}, follow=True)

    assert "The phone number entered is not valid." in answer.text
    assert TeamMember.objects.get().is_active


def test_another_salons_person_and_service_are_not_found(desk, salon, ann, other_salon):
    with tenant_context(other_salon):
        other = make_member("Zoe", performs=[make_service("Shave")])
        service = other.assignments.get().service

    assert desk.post(f"{SETTINGS}team/{other.pk}/", {"save": "leave"}).status_code == 404
    text = desk.post(f"{SETTINGS}lengths/", {"service": str(service.pk), "minutes": "30"}).text
    assert "Shave" not in text
    assert "data-error-summary" in text


@pytest.mark.parametrize("minutes", ["", "0", "4", "1441", "-5", "1e3", "9" * 40])
def test_a_length_that_is_none_is_refused(minutes, desk, salon, ann):
    service = ann.assignments.get().service

    answer = desk.post(f"{SETTINGS}lengths/", {"service": str(service.pk), "minutes": minutes})

    assert "data-error-summary" in answer.text
    assert Service.objects.get(pk=service.pk).duration_min == 60


def test_visits_stay_listed_until_they_are_moved(desk, salon, ann, visit):
    assert visit.ref not in desk.get(f"{SETTINGS}outside/").text

    TeamMember.objects.update(is_active=False)

    assert visit.ref in desk.get(f"{SETTINGS}outside/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_visits_fall_outside(count, desk, salon, ann, django_assert_num_queries):
    for days in range(count):
        make_booking(salon, ann.assignments.get().service, at(salon, days=7 + days))
    desk.post(f"{SETTINGS}hours/", AFTERNOONS)

    with django_assert_num_queries(35):
        desk.post(f"{SETTINGS}hours/", AFTERNOONS)


def test_starts_that_follow_each_other_are_said_once(salon):
    ten = timezone.now().astimezone(salon.zone).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1)
    start = int(ten.timestamp())

    assert runs((start, start + 900, start + 1800, start + 7200), 900, salon.zone) == "10:00 to 10:30, 12:00"
