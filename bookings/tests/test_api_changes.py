"""`/api/v1/changes/…`: what a change would do, and saving exactly that."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings.models import Closure, OpeningHours, Service, TeamMember, TeamMemberAvailability
from bookings.services import previews
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
CHANGES = ("closure", "leaving", "opening-hours", "service-length", "weekly-plan")
LATE = [{"day_of_week": day, "start_time": "12:00", "end_time": "17:00"} for day in range(1, 8)]
LATE_SHIFTS = tuple((day, 720, 1020) for day in range(1, 8))
KINDS = pytest.mark.parametrize("change", CHANGES)


@pytest.fixture
def api(works_here):
    return works_here("admin")


def day_of(salon):
    return at(salon).astimezone(salon.zone).date()


def body_of(salon, change, cut, ann):
    return {
        "opening-hours": {"opening_hours": LATE},
        "weekly-plan": {"team_member_id": str(ann.pk), "availabilities": LATE},
        "closure": {"start_date": day_of(salon).isoformat(), "reason": "Fair"},
        "service-length": {"service_id": str(cut.pk), "duration_min": 90},
        "leaving": {"team_member_id": str(ann.pk)},
    }[change]


def kind_of(salon, change, cut, ann):
    return {
        "opening-hours": previews.Opening(LATE_SHIFTS),
        "weekly-plan": previews.Working(ann.pk, LATE_SHIFTS),
        "closure": previews.Closing(day_of(salon), day_of(salon), "Fair"),
        "service-length": previews.Lasting(cut.pk, 90),
        "leaving": previews.Leaving(ann.pk),
    }[change]


def written():
    tables = (OpeningHours, TeamMemberAvailability, Closure, Service, TeamMember, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def ask(api, change, body, **more):
    return api.post(f"/api/v1/changes/{change}", body | more)


@KINDS
def test_a_preview_says_what_the_dashboard_would_and_writes_nothing(salon, api, cut, ann, change):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    before = written()

    answer = ask(api, change, body_of(salon, change, cut, ann))

    assert (answer.status_code, written()) == (200, before)
    kind = kind_of(salon, change, cut, ann)
    same = previews.preview_change(business=salon, change=kind, by=SYSTEM, now=timezone.now()).difference
    said = answer.json()
    assert (said["saved"], said["starts_vanish"], said["starts_appear"]) == (False, same.vanish, same.appear)
    assert sum(len(each["vanish"]) for each in said["starts"]) == same.vanish
    assert [each["id"] for each in said["outside"]] == [str(pk) for pk, _ in same.outside]
    assert said["visits_outside"] == len(same.outside) == (0 if change == "service-length" else 1)
    if same.outside:
        assert said["outside"][0] == {
            "id": str(visit.pk),
            "confirmation_number": visit.ref,
            "service_name": "Cut",
            "start_at": f"{visit.start_at:%Y-%m-%dT%H:%M:%SZ}",
            "end_at": f"{visit.end_at:%Y-%m-%dT%H:%M:%SZ}",
        }


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("closure", "closure.added"),
        ("leaving", "teammember.changed"),
        ("opening-hours", "business.changed"),
        ("service-length", "service.changed"),
        ("weekly-plan", "teammember.changed"),
    ],
)
def test_its_token_saves_it_with_its_line_in_the_trail(salon, api, cut, ann, change, line):
    body = body_of(salon, change, cut, ann)
    shown = ask(api, change, body).json()

    answer = ask(api, change, body, token=shown["token"])

    assert answer.status_code == 200
    assert answer.json() | {"saved": False} == shown
    assert [(entry.action, entry.actor_label) for entry in AuditEntry.objects.all()] == [(line, "admin@rosa.example")]
    assert ask(api, change, body).json()["visits_outside"] == 0  # it is as it was asked for


@pytest.mark.parametrize("change", [change for change in CHANGES if change != "service-length"])
def test_a_visit_booked_meanwhile_refuses_and_shows_the_picture_of_now(salon, api, cut, ann, change):
    body = body_of(salon, change, cut, ann)
    token = ask(api, change, body).json()["token"]
    visit = make_booking(salon, cut, at(salon, "10:00"))
    before = written()

    answer = ask(api, change, body, token=token)

    assert (answer.status_code, answer.json()["code"], written()) == (409, "preview_stale", before)
    now = answer.json()["preview"]
    assert [each["id"] for each in now["outside"]] == [str(visit.pk)]
    assert ask(api, change, body, token=now["token"]).status_code == 200


@KINDS
def test_a_token_of_another_change_or_salon_saves_nothing(salon, other_salon, api, member, cut, ann, change):
    body = body_of(salon, change, cut, ann)
    another = ask(api, "closure", {"start_date": "2027-12-25"}).json()["token"]
    with tenant_context(other_salon):
        theirs = signed_in(other_salon, member("admin", business=other_salon))
        foreign = ask(theirs, "closure", {"start_date": "2027-12-25"}).json()["token"]
    before = written()

    answers = [ask(api, change, body, token=token) for token in (another, foreign, "", "x")]

    assert [answer.json()["code"] for answer in answers] == [
        "preview_stale",
        "preview_stale",
        "invalid",
        "preview_stale",
    ]
    assert written() == before


@KINDS
def test_only_those_who_arrange_the_salon_may_look(salon, works_here, cut, ann, change):
    body = body_of(salon, change, cut, ann)
    before = written()

    answers = [ask(works_here(role), change, body).status_code for role in ("viewer", "staff", "admin", "owner")]

    assert answers == [403, 403, 200, 200]
    assert ask(Api(salon), change, body).status_code == 401
    assert written() == before


@pytest.mark.parametrize("change", ["leaving", "service-length", "weekly-plan"])
def test_another_salons_rows_are_not_there(salon, other_salon, api, cut, ann, change):
    with tenant_context(other_salon):
        their_cut = make_service()
        their_ann = make_member(performs=[their_cut])

    foreign = ask(api, change, body_of(salon, change, their_cut, their_ann))
    nobody = ask(api, change, body_of(salon, change, Service(pk=uuid4()), TeamMember(pk=uuid4())))

    assert (foreign.status_code, nobody.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("change", "body", "status", "errors"),
    [
        (
            "opening-hours",
            {"opening_hours": [{"day_of_week": 1, "start_time": "09:00", "end_time": "25:61"}]},
            400,
            ["opening_hours"],
        ),
        ("opening-hours", {"opening_hours": [LATE[0], LATE[0]]}, 422, ["opening_hours"]),
        ("closure", {"start_date": "2027-02-10", "end_date": "2027-02-09"}, 422, ["end_date"]),
        ("closure", {}, 400, ["start_date"]),
        ("service-length", {"duration_min": 3}, 422, ["duration_min"]),
        ("service-length", {"duration_min": 99999}, 400, ["duration_min"]),
        ("weekly-plan", {"availabilities": [LATE[0], LATE[0]]}, 422, ["availabilities"]),
    ],
)
def test_what_cannot_be_saved_is_refused_when_it_is_looked_at(salon, api, cut, ann, change, body, status, errors):
    before = written()
    ids = {"service-length": {"service_id": str(cut.pk)}, "weekly-plan": {"team_member_id": str(ann.pk)}}

    answer = ask(api, change, ids.get(change, {}) | body)

    assert (answer.status_code, list(answer.json()["errors"]), written()) == (status, errors, before)
