"""`/api/v1/team/…` and `/api/v1/closures`: read by every member, written by admins and owners."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Closure, SpecialDay, SpecialOpening, TeamMember, TeamMemberAvailability, TimeBlock
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
MEMBERS, CLOSURES = "/api/v1/team/members", "/api/v1/closures"
MEMBER = MEMBERS + "/{ann}"
WEEK, DAYS, BLOCKS = (f"/api/v1/team/{{ann}}/{what}" for what in ("availability", "special-days", "time-blocks"))
MONDAY = {"day_of_week": 1, "start_time": "09:00", "end_time": "12:00"}
BLOCK = {"starts_at": "2027-02-10T14:00:00Z", "ends_at": "2027-02-10T16:00:00Z"}


@pytest.fixture
def api(works_here):
    return works_here("admin")


def rows():
    """Everything about people and closed days in the connection's salon."""
    models = (TeamMember, TeamMemberAvailability, SpecialDay, TimeBlock, Closure)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.fixture
def ids(ann):
    return make_ids(ann)


def make_ids(ann):
    start = timezone.now()
    return {
        "ann": ann.pk,
        "day": SpecialDay.objects.create(team_member=ann, date="2027-02-09", shifts=[[540, 600]]).pk,
        "block": TimeBlock.objects.create(team_member=ann, starts_at=start, ends_at=start + timedelta(hours=1)).pk,
        "closure": Closure.objects.create(start_date="2027-12-25", end_date="2027-12-25").pk,
    }


# Who may -------------------------------------------------------------------------------------------

WRITES = [
    ("post", MEMBERS, {"first_name": "Bob"}, 201),
    ("put", MEMBER, {"first_name": "Anna"}, 200),
    ("patch", MEMBER, {"title": "Stylist"}, 200),
    ("delete", MEMBER, None, 200),
    ("post", WEEK, {"availabilities": [MONDAY]}, 200),
    ("post", DAYS, {"date": "2027-02-10", "shifts": []}, 201),
    ("delete", DAYS + "/{day}", None, 204),
    ("post", BLOCKS, BLOCK, 201),
    ("delete", BLOCKS + "/{block}", None, 204),
    ("post", CLOSURES, {"start_date": "2027-12-26"}, 201),
    ("delete", CLOSURES + "/{closure}", None, 204),
]


def call(api, verb, path, body):
    return api.delete(path) if verb == "delete" else getattr(api, verb)(path, body)


@pytest.mark.parametrize(("verb", "path", "body", "status"), WRITES)
def test_admins_and_owners_write(salon, other_salon, ids, member, verb, path, body, status):
    path, before = path.format(**ids), rows()

    assert call(Api(salon), verb, path, body).status_code == 401
    assert call(signed_in(salon, member("owner", other_salon)), verb, path, body).status_code == 404
    for role in ("viewer", "staff"):
        assert call(signed_in(salon, member(role)), verb, path, body).status_code == 403
    assert (rows(), AuditEntry.objects.count()) == (before, 0)
    assert call(signed_in(salon, member("admin")), verb, path, body).status_code == status
    assert (rows() != before, AuditEntry.objects.count()) == (True, 1)


@pytest.mark.parametrize(("verb", "path", "body", "status"), WRITES)
def test_owners_too(salon, ids, owner, verb, path, body, status):
    assert call(signed_in(salon, owner), verb, path.format(**ids), body).status_code == status


@pytest.mark.parametrize("path", [MEMBER, WEEK, DAYS, BLOCKS, CLOSURES])
def test_every_member_reads(salon, other_salon, ids, member, path):
    path = path.format(**ids)

    assert Api(salon).get(path).status_code == 401
    assert signed_in(salon, member("viewer", other_salon)).get(path).status_code == 404
    assert signed_in(salon, member("viewer")).get(path).status_code == 200


@pytest.mark.parametrize(("verb", "path", "body"), [write[:3] for write in WRITES if "{" in write[1]])
def test_another_salons_rows_are_not_there(salon, other_salon, api, verb, path, body):
    with tenant_context(other_salon):
        theirs = make_ids(make_member())
        before = rows()

    assert call(api, verb, path.format(**theirs), body).status_code == 404
    assert call(api, verb, path.format(**dict.fromkeys(theirs, uuid4())), body).status_code == 404
    with tenant_context(other_salon):
        assert rows() == before


@pytest.mark.parametrize("path", [DAYS + "/{day}", BLOCKS + "/{block}"])
def test_what_is_anns_is_not_under_bob(salon, api, ids, path):
    bob, before = make_member("Bob"), rows()

    answer = api.delete(path.format(**(ids | {"ann": bob.pk})))

    assert (answer.status_code, api.get(DAYS.format(ann=bob.pk)).json()["count"]) == (404, 0)
    assert rows()[2:] == before[2:]


# People --------------------------------------------------------------------------------------------


def test_a_person_is_made_and_can_be_booked_once_they_have_hours(salon, api, cut, member):
    login = member("staff")
    body = {
        "first_name": "Ann",
        "last_name": "Berg",
        "display_name": "Anni",
        "email": "ann@example.com",
        "phone": "+12125550187",
        "user_id": str(login.pk),
        "role": "staff",
        "title": "Stylist",
        "bio": "Cuts since 2009.",
        "specialties": ["Curls"],
        "color": "#aa3366",
        "is_active": True,
        "max_concurrent_bookings": 2,
        "buffer_time_minutes": 10,
        "sort_order": 1,
    }
    day = {"date": f"{at(salon).date()}", "service_id": str(cut.pk)}

    answer = api.post(MEMBERS, body | {"services": [{"service_id": str(cut.pk), "price_cents": 6000}]})

    shown = answer.json()
    assert answer.status_code == 201
    assert {name: shown[name] for name in body} == body
    assert free_starts(salon, day) == []
    week = [{"day_of_week": number, "start_time": "10:00", "end_time": "11:00"} for number in range(1, 8)]
    api.post(WEEK.format(ann=shown["id"]), {"availabilities": week})
    assert free_starts(salon, day) == [("10:00", [("Anni", 6000)])]


def free_starts(salon, day):
    body = {"service_id": day["service_id"], "start_date": day["date"], "end_date": day["date"]}
    answer = Api(salon).post("/booking/availability", body)
    if answer.status_code == 404:
        return []
    [found] = answer.json()["data"]["days"]
    return [
        (slot["local_label"], [(each["name"], each["price_cents"]) for each in slot["team_members"]])
        for slot in found["slots"]
    ]


def test_put_names_what_a_person_needs_and_leaves_the_rest(salon, api, cut, ann):
    path = MEMBER.format(ann=ann.pk)
    api.patch(path, {"title": "Stylist"})

    answer = api.put(path, {"first_name": "Anna"})

    assert api.put(path, {"title": "Cutter"}).json()["errors"] == {"first_name": ["This field is required."]}
    assert (answer.json()["name"], answer.json()["title"], answer.json()["stranded"]) == ("Anna", "Stylist", 0)
    assert ann.assignments.count() == 1


@pytest.mark.parametrize("body", [{"services": []}, {"is_active": False}])
def test_visits_left_behind_are_counted_and_stay(salon, api, cut, ann, body):
    booking = make_booking(salon, cut, at(salon))

    kept, left = (api.patch(MEMBER.format(ann=ann.pk), each) for each in ({"title": "Stylist"}, body))

    assert (kept.json()["stranded"], left.json()["stranded"]) == (0, 1)
    booking.refresh_from_db()
    assert (booking.status, booking.team_member) == ("confirmed", ann)


def test_who_has_visits_is_switched_off_who_has_none_is_gone(salon, api, cut, ann):
    make_booking(salon, cut, at(salon))
    bob = make_member("Bob")

    kept, gone = (api.delete(MEMBER.format(ann=each.pk)).json() for each in (ann, bob))

    assert (kept, gone) == ({"deleted": False, "stranded": 1}, {"deleted": True, "stranded": 0})
    assert [(row["name"], row["is_active"]) for row in api.get(MEMBERS).json()["results"]] == [("Ann", False)]


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({"nickname": "A"}, 400, {"nickname": ["This field is not known."]}),
        ({"name": "Ann"}, 400, {"name": ["This field is not known."]}),
        ({"email": "ann"}, 400, {"email": ["Enter a valid email address."]}),
        ({"phone": "12"}, 400, {"phone": ["Write the number with its country or area code."]}),
        ({"role": "boss"}, 400, {"role": ['"boss" is not a valid choice.']}),
        ({"specialties": "curls"}, 400, {"specialties": ['Expected a list of items but got type "str".']}),
        ({"services": [{}]}, 400, {"services": {"0": {"service_id": ["This field is required."]}}}),
        (
            {"max_concurrent_bookings": 21},
            400,
            {"max_concurrent_bookings": ["Ensure this value is less than or equal to 20."]},
        ),
        ({"color": "red"}, 422, {"color": ["Write the colour as # and six hexadecimal digits."]}),
        ({"user_id": str(uuid4())}, 422, {"user_id": ["Nobody of this salon has this login."]}),
    ],
)
def test_a_person_who_cannot_be_is_refused(salon, api, ann, body, status, errors):
    before = rows()

    answers = [api.post(MEMBERS, {"first_name": "Bob"} | body), api.patch(MEMBER.format(ann=ann.pk), body)]

    assert [(answer.status_code, answer.json()["errors"]) for answer in answers] == [(status, errors)] * 2
    assert rows() == before


def test_services_of_a_person_are_this_salons(salon, other_salon, api, ann):
    with tenant_context(other_salon):
        theirs = make_service()
    gone = make_service("Gone", deleted_at=timezone.now())

    answers = [
        api.patch(MEMBER.format(ann=ann.pk), {"services": [{"service_id": str(each.pk)}]}) for each in (theirs, gone)
    ]

    assert [(answer.status_code, answer.json()["detail"]) for answer in answers] == [
        (404, "There is no such service.")
    ] * 2


# Hours ---------------------------------------------------------------------------------------------


def test_a_week_is_replaced_and_nights_end_the_next_day(salon, api, cut, ann):
    path = WEEK.format(ann=ann.pk)
    week = [
        {"day_of_week": 0, "start_time": "20:00", "end_time": "26:00"},
        {"day_of_week": 1, "start_time": "22:00", "end_time": "02:00"},
        {"day_of_week": 3, "start_time": "00:00", "end_time": "24:00"},
        {"day_of_week": 4, "start_time": "23:59", "end_time": "48:00"},
    ]

    answer = api.post(path, {"availabilities": week})

    assert answer.status_code == 200
    assert answer.json() == api.get(path).json() | {"stranded": 0}
    assert answer.json() == {
        "team_member_id": str(ann.pk),
        "availabilities": [
            {"service_id": None, "day_of_week": 1, "start_time": "22:00", "end_time": "26:00"},
            {"service_id": None, "day_of_week": 3, "start_time": "00:00", "end_time": "24:00"},
            {"service_id": None, "day_of_week": 4, "start_time": "23:59", "end_time": "48:00"},
            {"service_id": None, "day_of_week": 7, "start_time": "20:00", "end_time": "26:00"},
        ],
        "stranded": 0,
    }


def test_a_week_of_one_service_stands_beside_the_general_one(salon, api, cut, ann):
    path = WEEK.format(ann=ann.pk)

    answer = api.post(path, {"service_id": str(cut.pk), "availabilities": [MONDAY]}).json()
    emptied = api.post(path, {"service_id": str(cut.pk), "availabilities": []}).json()

    assert [row for row in answer["availabilities"] if row["service_id"]] == [MONDAY | {"service_id": str(cut.pk)}]
    assert [len(each["availabilities"]) for each in (answer, emptied)] == [8, 7]


def test_visits_outside_the_new_hours_are_counted_and_stay(salon, api, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    answer = api.post(WEEK.format(ann=ann.pk), {"availabilities": []})

    booking.refresh_from_db()
    assert (answer.json()["stranded"], booking.status) == (1, "confirmed")


WALL = "Write a time like 09:00; 26:00 is two in the morning of the next day."


@pytest.mark.parametrize(
    ("shift", "errors"),
    [
        ({"start_time": "9"}, {"start_time": [WALL]}),
        ({"start_time": 540}, {"start_time": [WALL]}),
        ({"start_time": "٠٩:٠٠"}, {"start_time": [WALL]}),
        ({"end_time": "12:60"}, {"end_time": [WALL]}),
        ({"end_time": "48:01"}, {"end_time": [WALL]}),
        ({"day_of_week": 8}, {"day_of_week": ["Ensure this value is less than or equal to 7."]}),
        ({"day_of_week": -1}, {"day_of_week": ["Ensure this value is greater than or equal to 0."]}),
        ({"note": "late"}, {"note": ["This field is not known."]}),
    ],
)
def test_a_shift_that_is_none_is_refused(salon, api, ann, shift, errors):
    before = rows()

    answer = api.post(WEEK.format(ann=ann.pk), {"availabilities": [MONDAY | shift]})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"availabilities": {"0": errors}})
    assert rows() == before


@pytest.mark.parametrize(
    ("shifts", "sentence"),
    [
        ([MONDAY, MONDAY], "Two shifts overlap. Join them, or change one."),
        (
            [MONDAY | {"start_time": "24:00", "end_time": "25:00"}],
            "Monday 24:00–25:00: A shift starts before 24:00; put it on the next day.",
        ),
        (
            [{"day_of_week": 0, "start_time": "22:00", "end_time": "02:00"}, MONDAY | {"start_time": "01:00"}],
            "Two shifts overlap. Join them, or change one.",
        ),
    ],
    ids=["twice", "tomorrow", "night into Monday"],
)
def test_a_week_that_cannot_be_is_refused(salon, api, ann, shifts, sentence):
    before = rows()

    answer = api.post(WEEK.format(ann=ann.pk), {"availabilities": shifts})

    assert (answer.status_code, answer.json()["errors"]) == (422, {"availabilities": [sentence]})
    assert rows() == before


def test_a_week_names_a_service_of_this_salon(salon, other_salon, api, ann):
    with tenant_context(other_salon):
        theirs = make_service()

    answer = api.post(WEEK.format(ann=ann.pk), {"service_id": str(theirs.pk), "availabilities": [MONDAY]})

    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such service.")


# Single dates --------------------------------------------------------------------------------------


def test_special_days_are_set_listed_and_taken_away(salon, api, ann):
    path = DAYS.format(ann=ann.pk)
    night = {"date": "2027-02-10", "shifts": [{"start_time": "22:00", "end_time": "02:00"}], "open_anyway": True}

    made = api.post(path, night).json()
    again = api.post(path, {"date": "2027-02-10", "shifts": [], "reason": "Course"}).json()

    assert made["shifts"] == [{"start_time": "22:00", "end_time": "26:00"}]
    assert again == made | {"shifts": [], "open_anyway": False, "reason": "Course"}
    assert [row | {"stranded": 0} for row in api.get(path).json()["results"]] == [again]
    assert api.delete(f"{path}/{made['id']}").status_code == 204
    assert api.get(path).json()["count"] == 0


def test_a_day_off_counts_its_visits(salon, api, cut, ann):
    make_booking(salon, cut, at(salon))
    make_booking(salon, cut, at(salon, days=8))
    day = at(salon).astimezone(salon.zone).date()

    answer = api.post(DAYS.format(ann=ann.pk), {"date": f"{day}", "shifts": []})

    assert answer.json()["stranded"] == 1


def test_a_day_that_is_closed_after_all_counts_its_visits(salon, api, cut, ann):
    day = at(salon).astimezone(salon.zone).date()
    Closure.objects.create(start_date=day, end_date=day)
    body = {"date": f"{day}", "shifts": [{"start_time": "09:00", "end_time": "17:00"}]}

    opened = api.post(DAYS.format(ann=ann.pk), body | {"open_anyway": True})
    booking = make_booking(salon, cut, at(salon))
    closed = api.post(DAYS.format(ann=ann.pk), body)

    assert (opened.json()["stranded"], closed.json()["stranded"]) == (0, 1)
    booking.refresh_from_db()
    assert booking.status == "confirmed"


@pytest.mark.parametrize(
    ("path", "body", "status", "errors"),
    [
        (DAYS, {"date": "2027-02-30", "shifts": []}, 400, ["date"]),
        (DAYS, {"date": "1900-01-01", "shifts": []}, 400, ["date"]),
        (DAYS, {"date": "2027-02-10"}, 400, ["shifts"]),
        (DAYS, {"date": "2027-02-10", "shifts": [], "off": True}, 400, ["off"]),
        (
            DAYS,
            {"date": "2027-02-10", "shifts": [{"start_time": "09:00", "end_time": "12:00"}] * 2},
            422,
            ["shifts"],
        ),
        (BLOCKS, BLOCK | {"ends_at": BLOCK["starts_at"]}, 422, ["ends_at"]),
        (BLOCKS, BLOCK | {"ends_at": "2027-02-10T16:00:00"}, 400, ["ends_at"]),
        (BLOCKS, BLOCK | {"resource_id": str(uuid4())}, 400, ["resource_id"]),
        (BLOCKS, BLOCK | {"reason": "a" * 121}, 400, ["reason"]),
        (CLOSURES, {"start_date": "2027-12-26", "end_date": "2027-12-25"}, 422, ["end_date"]),
        (CLOSURES, {"start_date": "2027-01-01", "end_date": "2029-12-31"}, 422, ["end_date"]),
        (CLOSURES, {"start_date": "2027-03-01"}, 422, ["non_field_errors"]),
        (CLOSURES, {"start_date": "2027-12-26", "name": "Christmas"}, 400, ["name"]),
        (CLOSURES, {"reason": "Christmas"}, 400, ["start_date"]),
    ],
)
def test_dates_that_cannot_be_are_refused(salon, api, ann, path, body, status, errors):
    SpecialOpening.objects.create(date="2027-03-01", shifts=[])
    before = rows()

    answer = api.post(path.format(ann=ann.pk), body)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, errors)
    assert rows() == before


def test_time_is_blocked_listed_and_freed(salon, api, cut, ann):
    start, path = at(salon), BLOCKS.format(ann=ann.pk)
    make_booking(salon, cut, start)
    body = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=1)).isoformat(), "reason": "Ill"}

    made = api.post(path, body)

    assert (made.status_code, made.json()["stranded"], made.json()["team_member_id"]) == (201, 1, str(ann.pk))
    assert [row | {"stranded": 1} for row in api.get(path).json()["results"]] == [made.json()]
    assert TimeBlock.objects.get().created_by is not None
    assert [api.delete(f"{path}/{made.json()['id']}").status_code for _ in range(2)] == [204, 404]


def test_the_salon_closes_and_opens_again(salon, api, cut, ann):
    make_booking(salon, cut, at(salon))
    day = at(salon).astimezone(salon.zone).date()

    made = api.post(CLOSURES, {"start_date": f"{day}", "reason": "Works"})

    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "start_date": f"{day}",
        "end_date": f"{day}",
        "reason": "Works",
        "stranded": 1,
    }
    assert [row | {"stranded": 1} for row in api.get(CLOSURES).json()["results"]] == [made.json()]
    assert [api.delete(f"{CLOSURES}/{made.json()['id']}").status_code for _ in range(2)] == [204, 404]
    assert Closure.objects.count() == 0


@pytest.mark.parametrize("path", [DAYS, BLOCKS, CLOSURES])
def test_lists_take_as_many_queries_for_three_rows_as_for_one(salon, api, ann, path, django_assert_num_queries):
    bodies = {
        DAYS: [{"date": f"2027-02-1{number}", "shifts": []} for number in range(3)],
        BLOCKS: [BLOCK] * 3,
        CLOSURES: [{"start_date": f"2027-02-1{number}"} for number in range(3)],
    }
    path, bodies, queries = path.format(ann=ann.pk), bodies[path], 6 if path == CLOSURES else 7
    api.post(path, bodies[0])

    with django_assert_num_queries(queries):
        assert api.get(path).json()["count"] == 1
    for body in bodies[1:]:
        api.post(path, body)
    with django_assert_num_queries(queries):
        assert api.get(path).json()["count"] == 3
