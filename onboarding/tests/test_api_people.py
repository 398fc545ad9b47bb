"""Steps 4 and 7 for programs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Booking, TeamMember, TeamMemberAvailability
from bookings.services import catalogue
from bookings.tests.factories import make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
MARA = {"first_name": "Mara", "last_name": "Lark", "email": "mara@lark.example", "role": "owner"}
ANN = {"first_name": "Ann", "last_name": "Berg", "phone": "+1 212 555 0143", "role": "staff"}
TIMES = ("10:00", "10:15")
NINE_TO_FIVE = {"day_of_week": 1, "start_time": "09:00", "end_time": "17:00"}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


def post(api, step, body, status=200):
    answer = api.post(f"/api/v1/onboarding/{step}", body)
    assert answer.status_code == status, answer.content
    return answer.json()


def add(api, *people, status=200):
    return post(api, "step4/team-members", {"team_members": list(people)}, status)


def work(api, member, *shifts, status=200, **more):
    body = {"team_member_id": str(member), "availabilities": list(shifts), **more}
    return post(api, "step7/availability", body, status)


def shifts_of(business, **of):
    with tenant_context(business):
        rows = TeamMemberAvailability.objects.filter(**of)
        return list(rows.values_list("day_of_week", "start_min", "end_min"))


def test_people_are_added_and_the_owner_is_who_calls(api, opened, newcomer):
    data = add(api, MARA, ANN)["data"]

    with tenant_context(opened.business):
        mara, ann = (TeamMember.objects.get(first_name=name) for name in ("Mara", "Ann"))
    assert data["team_member_ids"] == [str(mara.pk), str(ann.pk)]
    assert data["team_members"] == [
        {"id": str(mara.pk), "name": "Mara Lark"},
        {"id": str(ann.pk), "name": "Ann Berg"},
    ]
    assert (mara.user_id, mara.role, ann.user_id, str(ann.phone)) == (newcomer.pk, "owner", None, "+12125550143")
    assert 4 in data["completed_steps"]


def test_the_same_people_again_are_the_same_people(api, opened):
    first = add(api, MARA, ANN)["data"]["team_member_ids"]

    again = add(api, MARA, ANN | {"first_name": "ann ", "role": "admin"})["data"]["team_member_ids"]

    assert again == first
    with tenant_context(opened.business):
        assert TeamMember.objects.get(pk=first[1]).role == "admin"


def test_another_address_is_somebody_else(api, opened):
    first, second = (add(api, ANN | {"email": email})["data"]["team_member_ids"] for email in ("", "ann@lark.example"))

    assert first != second


def test_who_comes_late_performs_what_there_is(api, furnished):
    [pk] = add(api, ANN)["data"]["team_member_ids"]

    with tenant_context(furnished.business):
        performed = TeamMember.objects.get(pk=pk).services.values_list("name", flat=True)
        assert sorted(performed) == ["Colour", "Cut"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"role": "boss"}, "role"),
        ({"salary": 3}, "salary"),
        (MARA, "first_name"),
    ],
)
def test_what_is_wrong_is_named_at_its_line_and_nobody_is_added(api, opened, wrong, field):
    errors = add(api, MARA, ANN | wrong, status=400)["errors"]

    assert list(errors["team_members"]) == ["1"]
    assert list(errors["team_members"]["1"]) == [field]
    with tenant_context(opened.business):
        assert not TeamMember.objects.exists()


def test_a_team_has_somebody(api, opened):
    assert "team_members" in add(api, status=400)["errors"]


def test_a_week_is_kept_as_it_was_sent(api, furnished):
    [ann] = add(api, ANN)["data"]["team_member_ids"]
    night = {"day_of_week": 0, "start_time": "20:00", "end_time": "02:00"}

    data = work(api, ann, NINE_TO_FIVE, night)["data"]

    assert shifts_of(furnished.business, team_member=ann) == [(1, 540, 1020), (7, 1200, 1560)]
    assert data["availabilities"] == [
        {"service_id": None, "day_of_week": 1, "start_time": "09:00", "end_time": "17:00"},
        {"service_id": None, "day_of_week": 7, "start_time": "20:00", "end_time": "26:00"},
    ]
    assert 7 in data["completed_steps"]


def test_a_service_may_have_a_week_of_its_own(api, furnished, by):
    [ann] = add(api, ANN)["data"]["team_member_ids"]
    with tenant_context(furnished.business):
        service = catalogue.create_service(
            business=furnished.business,
            fields={"name": "Updo", "duration_min": 30, "price_cents": 100},
            by=by,
            now=timezone.now(),
        )
    work(api, ann, NINE_TO_FIVE)

    work(api, ann, NINE_TO_FIVE | {"day_of_week": 6}, service_id=str(service.pk))

    assert shifts_of(furnished.business, team_member=ann, service=None) == [(1, 540, 1020)]
    assert shifts_of(furnished.business, team_member=ann, service=service) == [(6, 540, 1020)]


def test_visits_outside_a_new_week_are_counted_and_stay(owner, rosa):
    coming = timezone.now().astimezone(rosa.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    with tenant_context(rosa):
        cut = make_service()
        ines, tom = make_member("Ines", performs=[cut]), make_member("Tom", performs=[cut])
        for days, member in ((3, ines), (4, ines), (5, tom)):
            make_booking(rosa, cut, coming + timedelta(days=days), team_member=member)
    api = signed_in(None, owner)
    weeks = [[{"day_of_week": day, "start_time": start, "end_time": "18:00"} for day in range(1, 8)] for start in TIMES]

    left = [work(api, ines.pk, *week, tenant_id=str(rosa.pk))["data"]["stranded"] for week in weeks]

    assert left == [0, 2]
    with tenant_context(rosa):
        assert list(Booking.objects.values_list("status", flat=True)) == ["confirmed"] * 3


def test_people_and_services_of_nobody_do_not_exist(api, furnished):
    with tenant_context(furnished.business):
        mara = TeamMember.objects.get().pk
    before = shifts_of(furnished.business)

    work(api, uuid4(), NINE_TO_FIVE, status=404)
    work(api, mara, NINE_TO_FIVE, service_id=str(uuid4()), status=404)

    assert shifts_of(furnished.business) == before


@pytest.mark.parametrize(
    ("shifts", "more"),
    [
        ([NINE_TO_FIVE, NINE_TO_FIVE], {}),
        ([NINE_TO_FIVE | {"day_of_week": 8}], {}),
        ([NINE_TO_FIVE | {"end_time": "48:01"}], {}),
        ([NINE_TO_FIVE | {"start_time": "9 o'clock"}], {}),
    ],
    ids=["overlap", "no such day", "too late", "no time"],
)
def test_a_week_that_cannot_be_is_named(api, furnished, shifts, more):
    with tenant_context(furnished.business):
        mara = TeamMember.objects.get().pk
    before = shifts_of(furnished.business)

    assert list(work(api, mara, *shifts, status=400, **more)["errors"]) == ["availabilities"]
    assert shifts_of(furnished.business) == before


def test_unknown_fields_are_refused(api, furnished):
    with tenant_context(furnished.business):
        mara = TeamMember.objects.get().pk
    assert "colour" in work(api, mara, NINE_TO_FIVE, colour="red", status=400)["errors"]


def test_somebody_works_before_the_page_opens(api, furnished):
    with tenant_context(furnished.business):
        mara = TeamMember.objects.get().pk

    assert work(api, mara, status=422)["code"] == "nobody_works"
    assert len(shifts_of(furnished.business)) == 7


def test_progress_says_who_works_when(api, opened):
    [mara, ann] = add(api, MARA, ANN)["data"]["team_member_ids"]
    work(api, ann, NINE_TO_FIVE)

    data = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]

    assert data["4"]["team_members"] == [
        ANN | {"email": "", "phone": "+12125550143", "title": ""},
        MARA | {"phone": "", "title": ""},
    ]
    assert data["4"]["team_member_ids"] == [ann, mara]
    assert data["7"] == {"plans": [{"team_member_id": ann, "service_id": None, "availabilities": [NINE_TO_FIVE]}]}


def test_somebody_elses_salon_does_not_exist(api, rosa, nora):
    for business in (rosa, nora):
        of = {"tenant_id": str(business.pk)}
        post(api, "step4/team-members", {"team_members": [ANN]} | of, 404)
        body = {"team_member_id": str(uuid4()), "availabilities": [NINE_TO_FIVE]}
        post(api, "step7/availability", body | of, 404)
        with tenant_context(business):
            assert not TeamMember.objects.filter(first_name="Ann").exists()
