"""The salon's settings in its admin: what contradicts itself is refused with a sentence, what touches visits names them."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import (
    Booking,
    Break,
    Closure,
    GroupSession,
    Occupancy,
    OpeningHours,
    Resource,
    Seat,
    Service,
    ServiceHours,
    ServiceTeamAssignment,
    SpecialDay,
    SpecialOpening,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
ADMIN = "/admin/bookings/"
OTTO = Details("Otto Ohm", "otto@example.com", "")
RULES = "/admin/tenants/business/"
IMPORT = f"{ADMIN}closure/import/"


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="admin": client_for(salon, member(role))


@pytest.fixture
def visit(salon, cut, ann):
    """Anna's cut with Ann at ten in a week."""
    return make_booking(salon, cut, at(salon))


def said(client):
    """The sentences the next page shows."""
    return [str(message) for message in client.get(f"{ADMIN}closure/").context["messages"]]


def faults(answer):
    """Field → sentences of a page that was not saved; rows of sections under their number."""
    form = answer.context["adminform"].form if "adminform" in answer.context else answer.context["form"]
    found = {name: list(texts) for name, texts in form.errors.items()}
    for section in answer.context.get("inline_admin_formsets", ()):
        rows = [
            {name: list(texts) for name, texts in row.errors.items()} for row in section.formset.forms if row.errors
        ]
        if broken := rows or list(section.formset.non_form_errors()):
            found[section.formset.prefix] = broken
    return found


def section(prefix, *rows, initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return data | {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}


def hours(day, start, end, **more):
    return {"day_of_week": day, "start_min": start, "end_min": end} | more


def person_form(*, weekly=None, breaks=None, special=None, blocks=None, performs=None, **fields):
    data = {"first_name": "Ann", "color": "#123456", "max_concurrent_bookings": 1, "buffer_time_minutes": 0}
    data |= {"sort_order": 0, "is_active": "on"}
    named = {
        "availability": weekly,
        "breaks": breaks,
        "special_days": special,
        "time_blocks": blocks,
        "assignments": performs,
    }
    for prefix, rows in named.items():
        data |= {} if rows is None else section(prefix, *rows)
    return data | fields


def service_form(*, performed=None, offered=None, **fields):
    data = {"name": "Cut", "price_cents": "50.00", "duration_min": 60, "active": "on", "sort_order": 0}
    data |= {"buffer_before_min": 0, "buffer_after_min": 0, "max_group_size": 1}
    data |= {"deposit_cents": "0", "deposit_percent": 0}
    for prefix, rows in (("assignments", performed), ("hours", offered)):
        data |= {} if rows is None else section(prefix, *rows)
    return data | fields


def rules_form(**fields):
    data = {"min_notice_min": "1 h", "horizon_days": 60, "slot_step_min": 15, "max_wait_min": 0, "gap_offers": "off"}
    return data | {"auto_confirm": "on", "timezone": "America/New_York"} | fields


def insist(client, path, data):
    """Press Save, and once more on the page that names the visits, where there is one."""
    asked = client.post(path, data)
    return client.post(path, again(asked)) if asked.status_code == 200 else asked


def again(asked):
    """What the page that asks sends with its button."""
    sent = {}
    for name, value in asked.context["hidden"]:
        sent.setdefault(name, []).append(value)
    return sent


def change(model, row):
    return f"{ADMIN}{model}/{row.pk}/change/"


def line(booking):
    start = booking.local_start
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M} {booking.ref} {booking.contact_name}"


# Who may ---------------------------------------------------------------------------------------

PAGES = ("openinghours", "specialopening", "break", "closure", "resource")


@pytest.mark.parametrize("role", ["viewer", "staff"])
def test_settings_are_read_by_all_and_changed_by_managers(desk, role):
    client = desk(role)

    assert {client.get(f"{ADMIN}{page}/").status_code for page in PAGES} == {200}
    assert {client.get(f"{ADMIN}{page}/add/").status_code for page in PAGES} == {403}
    assert {client.post(f"{ADMIN}{page}/add/", hours(1, "09:00", "17:00")).status_code for page in PAGES} == {403}
    assert [client.get(RULES).status_code, client.post(RULES, rules_form(horizon_days=5)).status_code] == [200, 403]
    assert [client.get(IMPORT).status_code, client.post(IMPORT).status_code] == [403, 403]
    assert "Owners and admins of the salon can change these rules." in client.get(RULES).text
    assert (Business.objects.get(slug="rosa").horizon_days, OpeningHours.objects.count()) == (60, 0)


def test_those_who_only_look_read_words_too(salon, cut, ann, desk):
    cut.phases = [{"kind": "active", "minutes": 30}, {"kind": "processing", "minutes": 30}]
    cut.min_notice_min = 1500
    cut.save()
    opening = SpecialOpening.objects.create(date=date(2030, 12, 24), shifts=[[540, 720]])
    client = desk("staff")

    service = client.get(change("service", cut)).text
    person = client.get(change("teammember", ann)).text
    special = client.get(change("specialopening", opening)).text

    for text in ("30 active, 30 processing", "1 day 1 h", "$50.00"):
        assert text in service
    assert ("09:00" in person, re.search(r">\s*540\s*<", person)) == (True, None)
    assert "09:00–12:00" in special


@pytest.mark.parametrize("role", ["admin", "owner"])
def test_the_menu_leads_to_every_setting(salon, desk, member, role, owner, client_for):
    client = client_for(salon, owner) if role == "owner" else desk(role)

    text = client.get("/admin/").text

    for page in PAGES:
        assert f'href="{ADMIN}{page}/"' in text
    assert f'href="{RULES}"' in text
    assert 'href="/admin/policies/"' in text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/admin/", "Today"),
        ("/admin/bookings/booking/", "Bookings"),
        ("/admin/bookings/booking/add/", "Bookings"),
        ("/admin/bookings/booking/why/", "Why not?"),
        ("/admin/bookings/closure/import/", "Closures"),
        ("/admin/diary-check/", "Diary check"),
    ],
)
def test_the_menu_marks_the_one_entry_a_page_belongs_to(desk, path, name):
    groups = desk().get(path).context["sidebar_navigation"]

    assert [entry["title"] for group in groups for entry in group["items"] if entry["active"]] == [name]


def test_an_empty_list_offers_the_one_thing_to_do(desk):
    client = desk()

    nothing = client.get(f"{ADMIN}openinghours/").text
    Resource.objects.create(name="Chair")
    no_match = client.get(f"{ADMIN}resource/?q=sofa").text

    assert ("Nothing here yet" in nothing, f'href="{ADMIN}openinghours/add/"' in nothing) == (True, True)
    assert ("Nothing matches" in no_match, 'href="?"' in no_match) == (True, True)
    assert "Nothing here yet" not in no_match


def test_settings_of_another_salon_are_not_there(salon, nora, client_for, member):
    rows = [
        Resource.objects.create(name="Room"),
        Break.objects.create(day_of_week=1, start_min=720, end_min=750),
        SpecialOpening.objects.create(date=date(2030, 1, 2), shifts=[[540, 720]]),
    ]
    client = client_for(nora, member("owner", nora))
    outsider = client_for(salon, member("admin", nora))

    assert [client.get(change(row._meta.model_name, row)).status_code for row in rows] == [404] * 3
    assert [outsider.get(path).status_code for path in (RULES, IMPORT)] == [404] * 2


def test_nobody_lists_or_deletes_businesses(salon, desk):
    client = desk()

    for name in ("add/", f"{salon.pk}/change/", f"{salon.pk}/delete/", f"{salon.pk}/history/"):
        assert client.get(f"{RULES}{name}").status_code == 404


def test_a_persons_own_break_is_not_among_everybodys(ann, desk):
    own = Break.objects.create(team_member=ann, day_of_week=1, start_min=720, end_min=750)

    assert desk().get(change("break", own)).status_code == 404


# Opening hours, special openings, breaks -------------------------------------------------------


def test_breaks_of_everybody_are_written_as_wall_times(desk):
    assert desk().post(f"{ADMIN}break/add/", hours(1, "12:00", "12:30")).status_code == 302
    assert Break.objects.values_list("day_of_week", "start_min", "end_min", "team_member").get() == (1, 720, 750, None)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (hours(1, "12:15", "13:00"), {"__all__": ["This break overlaps or touches another one. Write them as one."]}),
        (hours(1, "12:30", "13:00"), {"__all__": ["This break overlaps or touches another one. Write them as one."]}),
        (
            hours(2, "12:00", "12:00"),
            {"end_min": ["The end must be after the start; write 26:00 for two in the morning."]},
        ),
        (
            hours(2, "47:00", "48:30"),
            {
                "start_min": ["A break starts before 24:00; put it on the next day."],
                "end_min": ["Write a time like 09:00; 26:00 is two in the morning of the next day."],
            },
        ),
        (
            hours(2, "09:00", "17:00"),
            {"__all__": ["The break takes up the whole shift of Ann on Tuesday 09:00–17:00. Make it shorter."]},
        ),
        (
            hours(3, "10:00", "11:00"),
            {"__all__": ["The break takes up all of the opening hours on Wednesday 10:00–11:00. Make it shorter."]},
        ),
    ],
    ids=["overlap", "touch", "no length", "too late", "whole shift", "whole opening"],
)
def test_impossible_breaks_of_everybody_are_refused(ann, desk, row, found):
    Break.objects.create(day_of_week=1, start_min=720, end_min=750)
    OpeningHours.objects.create(day_of_week=3, start_min=600, end_min=660)

    answer = desk().post(f"{ADMIN}break/add/", row)

    assert (answer.status_code, faults(answer)) == (200, found)
    assert Break.objects.count() == 1


def test_opening_hours_leave_something_beside_the_salons_break(desk):
    Break.objects.create(day_of_week=1, start_min=720, end_min=780)

    answer = desk().post(f"{ADMIN}openinghours/add/", hours(1, "12:00", "13:00"))

    assert faults(answer) == {
        "__all__": ["The salon’s break takes up all of these hours. Make them longer, or change it."]
    }
    assert OpeningHours.objects.count() == 0


def test_special_hours_are_written_in_words(desk):
    form = {"date": "2030-12-24", "shifts": "09:00–12:00, 13:00-14:00", "reason": "Christmas Eve"}
    client = desk()

    assert client.post(f"{ADMIN}specialopening/add/", form).status_code == 302
    assert SpecialOpening.objects.get().shifts == [[540, 720], [780, 840]]
    assert "09:00–12:00, 13:00–14:00" in client.get(f"{ADMIN}specialopening/").text


def test_a_date_is_closed_or_has_special_hours_never_both(desk):
    closure = Closure.objects.create(start_date=date(2030, 12, 23), end_date=date(2030, 12, 26), reason="Holidays")
    SpecialOpening.objects.create(date=date(2030, 12, 31), shifts=[[540, 720]])
    client = desk()

    opening = client.post(f"{ADMIN}specialopening/add/", {"date": "2030-12-24", "shifts": "09:00–12:00"})
    closing = client.post(f"{ADMIN}closure/add/", {"start_date": "2030-12-30", "end_date": "2031-01-02"})
    longer = client.post(change("closure", closure), {"start_date": "2030-12-23", "end_date": "2030-12-31"})

    assert faults(opening) == {
        "date": ["The salon is closed on this date (Holidays). Change the closure first, or choose another date."]
    }
    sentence = "There are special hours on Tuesday 31 December. Delete them first, or leave the day out."
    assert faults(closing) == faults(longer) == {"__all__": [sentence]}
    assert (SpecialOpening.objects.count(), Closure.objects.get().end_date) == (1, date(2030, 12, 26))


# A person's page -------------------------------------------------------------------------------

MONDAY = hours(1, "09:00", "17:00")


def test_a_persons_breaks_and_services_are_written_with_them(cut, desk):
    performs = {"service": cut.pk, "price_cents": "60.00", "duration_min": 45}

    answer = desk().post(
        f"{ADMIN}teammember/add/",
        person_form(weekly=[MONDAY], breaks=[hours(1, "12:00", "12:30")], performs=[performs]),
    )

    person = TeamMember.objects.get()
    assert answer.status_code == 302
    assert person.breaks.values_list("day_of_week", "start_min", "end_min").get() == (1, 720, 750)
    assert person.assignments.values_list("service", "price_cents", "duration_min").get() == (cut.pk, 6000, 45)


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (
            [hours(1, "12:00", "12:30"), hours(1, "12:30", "13:00")],
            ["Two breaks overlap or touch. Write them as one."],
        ),
        (
            [hours(1, "09:00", "12:00"), hours(1, "12:30", "17:00")],
            ["The breaks take up the whole shift on Monday 09:00–17:00. Make them shorter, or delete the shift."],
        ),
        ([hours(1, "24:00", "25:00")], [{"start_min": ["A break starts before 24:00; put it on the next day."]}]),
        (
            [hours(1, "12:00", "11:00")],
            [{"end_min": ["The end must be after the start; write 26:00 for two in the morning."]}],
        ),
    ],
    ids=["touch", "with the salon's", "next day", "backwards"],
)
def test_impossible_breaks_of_a_person_are_refused(desk, breaks, found):
    Break.objects.create(day_of_week=1, start_min=720, end_min=750)

    answer = desk().post(f"{ADMIN}teammember/add/", person_form(weekly=[MONDAY], breaks=breaks))

    assert (answer.status_code, faults(answer)) == (200, {"breaks": found})
    assert (TeamMember.objects.count(), Break.objects.count()) == (0, 1)


def test_a_shift_may_not_shrink_into_its_break(ann, desk):
    Break.objects.create(team_member=ann, day_of_week=1, start_min=720, end_min=780)
    monday = ann.availability.get(day_of_week=1)
    row = {"id": monday.pk, "team_member": ann.pk} | hours(1, "12:00", "13:00")
    form = person_form() | section("availability", row, initial=1)

    answer = desk().post(change("teammember", ann), form)

    assert faults(answer) == {
        "breaks": ["The breaks take up the whole shift on Monday 12:00–13:00. Make them shorter, or delete the shift."]
    }
    monday.refresh_from_db()
    assert (monday.start_min, monday.end_min) == (540, 1020)


def test_a_page_from_before_a_section_existed_leaves_its_rows(ann, cut, desk):
    Break.objects.create(team_member=ann, day_of_week=1, start_min=720, end_min=780)

    assert desk().post(change("teammember", ann), person_form(title="Stylist")).status_code == 302

    ann.refresh_from_db()
    assert (ann.title, ann.breaks.count(), ann.assignments.count(), ann.availability.count()) == ("Stylist", 1, 1, 7)


def test_a_block_names_the_visits_that_need_a_move(salon, ann, visit, desk):
    day = f"{visit.local_date:%Y-%m-%d}"
    block = {"starts_at_0": day, "starts_at_1": "08:00", "ends_at_0": day, "ends_at_1": "12:00"}
    client = desk()

    insist(client, change("teammember", ann), person_form(blocks=[block]))

    assert said(client)[0] == f"These visits fall into blocked time and need a move: {line(visit)}."
    assert (TimeBlock.objects.count(), Booking.objects.get().status) == (1, "confirmed")


def test_a_break_names_the_visits_that_need_a_move(ann, visit, desk):
    client = desk()
    row = hours(visit.local_date.isoweekday(), "10:30", "11:00")

    insist(client, change("teammember", ann), person_form(breaks=[row]))

    assert said(client)[0] == f"These visits fall into a break and need a move: {line(visit)}."
    assert Break.objects.count() == 1


@pytest.mark.parametrize(("shifts", "named"), [("", True), ("11:00–17:00", True), ("10:00–11:00", False)])
def test_a_special_day_names_the_visits_outside_it(ann, visit, desk, shifts, named):
    client = desk()

    insist(
        client,
        change("teammember", ann),
        person_form(special=[{"date": f"{visit.local_date:%Y-%m-%d}", "shifts": shifts}]),
    )

    expected = f"These visits lie outside the hours and need a move: {line(visit)}."
    assert ann.special_days.count() == 1
    assert (expected in said(client)) is named


def of_person(person, prefix, row, deleted=False, **values):
    """The section of a person's page with its one row, changed or deleted."""
    values = {"id": row.pk, "team_member": person.pk} | values | ({"DELETE": "on"} if deleted else {})
    return section(prefix, values, initial=1)


@pytest.mark.parametrize("how", ["deleted", "put on another date"])
def test_a_special_day_that_is_taken_back_names_its_visits(salon, cut, ann, desk, how):
    day = at(salon).astimezone(salon.zone).date()
    evening = SpecialDay.objects.create(team_member=ann, date=day, shifts=[[18 * 60, 21 * 60]])
    late = make_booking(salon, cut, at(salon, "19:00"))
    client, gone = desk(), how == "deleted"
    new = day if gone else day + timedelta(days=1)

    row = {"date": f"{new:%Y-%m-%d}", "shifts": "18:00–21:00"}
    insist(
        client, change("teammember", ann), person_form() | of_person(ann, "special_days", evening, deleted=gone, **row)
    )

    assert f"These visits lie outside the hours and need a move: {line(late)}." in said(client)
    assert ann.special_days.filter(date=day).count() == 0


def test_who_no_longer_opens_anyway_has_visits_on_a_closed_day(salon, cut, ann, desk):
    day = at(salon).astimezone(salon.zone).date()
    Closure.objects.create(start_date=day, end_date=day)
    anyway = SpecialDay.objects.create(team_member=ann, date=day, shifts=[[540, 1020]], open_anyway=True)
    booking = make_booking(salon, cut, at(salon))
    client = desk()

    row = {"date": f"{day:%Y-%m-%d}", "shifts": "09:00–17:00"}
    insist(client, change("teammember", ann), person_form() | of_person(ann, "special_days", anyway, **row))

    assert f"These visits fall on days the salon is closed and need a move: {line(booking)}." in said(client)


def test_a_person_who_leaves_names_their_coming_visits(visit, ann, desk):
    client = desk()

    insist(client, change("teammember", ann), person_form(is_active=""))

    ann.refresh_from_db()
    visit.refresh_from_db()
    assert (ann.is_active, visit.status, visit.team_member) == (False, "confirmed", ann)
    sentence = f"These visits are with Ann, who is no longer active, and need a move: {line(visit)}."
    assert sentence in said(client)


def test_what_a_person_no_longer_performs_names_its_visits(salon, cut, visit, desk):
    ann, colour = visit.team_member, make_service("Colour")
    colour.assignments.create(team_member=ann)
    make_booking(salon, colour, at(salon, "14:00"), details=OTTO)
    client = desk()

    row = ServiceTeamAssignment.objects.get(service=cut)
    insist(
        client,
        change("teammember", ann),
        person_form() | of_person(ann, "assignments", row, deleted=True, service=cut.pk),
    )

    assert ann.assignments.get().service == colour
    assert f"These visits are for what Ann no longer performs and need a move: {line(visit)}." in said(client)


def test_fewer_visits_at_once_than_are_booked_is_saved_and_says_so(salon, cut, desk):
    ann = make_member(performs=[cut], max_concurrent_bookings=2)
    first = make_booking(salon, cut, at(salon))
    second = make_booking(salon, cut, at(salon), details=OTTO)
    Occupancy.objects.filter(item__booking=second).update(lane=1)
    client = desk()

    client.post(change("teammember", ann), person_form(max_concurrent_bookings=1))

    ann.refresh_from_db()
    assert first.status == "confirmed"
    assert ann.max_concurrent_bookings == 1
    assert said(client)[0] == (f"These coming visits use more places of this person and stay as booked: {second.ref}.")


@pytest.mark.parametrize("how", ["leaves", "shorter week", "closure", "hours", "hours deleted"])
def test_visits_that_lose_their_time_are_named_before_anything_is_saved(ann, visit, desk, how):
    rows = [OpeningHours.objects.create(day_of_week=day, start_min=540, end_min=1020) for day in range(1, 8)]
    mine = next(row for row in rows if row.day_of_week == visit.local_date.isoweekday())
    plan, day = ann.availability.get(day_of_week=mine.day_of_week), f"{visit.local_date:%Y-%m-%d}"
    late = hours(mine.day_of_week, "12:00", "17:00")
    path, data = {
        "leaves": (change("teammember", ann), person_form(is_active="")),
        "shorter week": (change("teammember", ann), person_form() | of_person(ann, "availability", plan, **late)),
        "closure": (f"{ADMIN}closure/add/", {"start_date": day, "end_date": day}),
        "hours": (change("openinghours", mine), late),
        "hours deleted": (f"{ADMIN}openinghours/{mine.pk}/delete/", {"post": "yes"}),
    }[how]
    client, before = desk(), everything()

    asked = client.post(path, data)

    assert (asked.status_code, everything()) == (200, before)
    assert (list(asked.context["messages"]), len(asked.context["warnings"])) == ([], 1)
    assert asked.context["warnings"][0].endswith(f"need a move: {line(visit)}.")
    assert said(client) == []
    assert client.post(path, again(asked)).status_code == 302
    assert everything() != before


def test_a_visit_that_is_booked_meanwhile_is_named_before_it_is_left(salon, cut, ann, visit, desk):
    client, day = desk(), f"{visit.local_date:%Y-%m-%d}"
    data = {"start_date": day, "end_date": day}
    asked = client.post(f"{ADMIN}closure/add/", data)
    other = make_booking(salon, cut, at(salon, "14:00"), browser_key="other", details=OTTO)

    stale = client.post(f"{ADMIN}closure/add/", again(asked))

    assert (stale.status_code, Closure.objects.count()) == (200, 0)
    assert stale.context["warnings"][0].endswith(f"{line(visit)}; {line(other)}.")
    assert client.post(f"{ADMIN}closure/add/", again(stale)).status_code == 302
    assert Closure.objects.count() == 1


def closed_on(*visits):
    return f"These visits fall on days the salon is closed and need a move: {'; '.join(line(each) for each in visits)}."


def everything():
    tables = (TeamMember, TeamMemberAvailability, OpeningHours, Closure, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


# The salon's hours over visits -----------------------------------------------------------------


def test_a_closure_names_the_visits_that_need_a_move(salon, ann, visit, desk):
    other = make_member("Bob", performs=[visit.items.get().service])
    other.special_days.create(date=visit.local_date, shifts=[[540, 1020]], open_anyway=True)
    at_bobs = make_booking(salon, visit.items.get().service, at(salon, "12:00"), browser_key="b", team_member=other)
    day = f"{visit.local_date:%Y-%m-%d}"
    client = desk()

    insist(client, f"{ADMIN}closure/add/", {"start_date": day, "end_date": day, "reason": "Flood"})

    assert at_bobs.team_member == other
    assert said(client)[0] == f"These visits fall on days the salon is closed and need a move: {line(visit)}."
    assert Closure.objects.count() == 1


def test_special_hours_name_the_visits_outside_them(visit, desk):
    client = desk()

    insist(client, f"{ADMIN}specialopening/add/", {"date": f"{visit.local_date:%Y-%m-%d}", "shifts": "12:00–17:00"})

    assert said(client)[0] == f"These visits lie outside the hours and need a move: {line(visit)}."


def test_opening_hours_name_the_visits_outside_them(visit, desk):
    client = desk()

    insist(client, f"{ADMIN}openinghours/add/", hours(visit.local_date.isoweekday(), "10:30", "17:00"))

    assert said(client)[0] == f"These visits lie outside the hours and need a move: {line(visit)}."


def test_special_hours_that_end_or_move_name_their_visits(salon, cut, desk):
    make_member(performs=[cut], works=(9 * 60, 22 * 60))
    weekday = at(salon).astimezone(salon.zone).isoweekday()
    OpeningHours.objects.create(day_of_week=weekday, start_min=540, end_min=1020)
    day = at(salon).astimezone(salon.zone).date()
    longer = SpecialOpening.objects.create(date=day, shifts=[[540, 1320]])
    late = make_booking(salon, cut, at(salon, "20:00"))
    client, expected = desk(), f"These visits lie outside the hours and need a move: {line(late)}."

    insist(
        client,
        change("specialopening", longer),
        {"date": f"{day + timedelta(days=1):%Y-%m-%d}", "shifts": "09:00–22:00"},
    )
    moved = said(client)
    SpecialOpening.objects.update(date=day)
    insist(client, f"{ADMIN}specialopening/{longer.pk}/delete/", {"post": "yes"})

    assert expected in moved
    assert expected in said(client)
    assert SpecialOpening.objects.count() == 0


def test_opening_hours_that_are_deleted_name_their_visits(visit, desk):
    days = {day: OpeningHours.objects.create(day_of_week=day, start_min=540, end_min=1020) for day in range(1, 8)}
    client = desk()

    insist(client, f"{ADMIN}openinghours/{days[visit.local_date.isoweekday()].pk}/delete/", {"post": "yes"})

    assert f"These visits lie outside the hours and need a move: {line(visit)}." in said(client)


def test_a_long_list_of_visits_is_cut(salon, cut, desk):
    make_member(performs=[cut], works=(0, 1440))
    visits = [make_booking(salon, cut, at(salon, f"{hour:02}:00")) for hour in range(1, 15)]
    day = f"{visits[0].local_date:%Y-%m-%d}"
    client = desk()

    insist(client, f"{ADMIN}closure/add/", {"start_date": day, "end_date": day})

    listed = "; ".join(line(visit) for visit in visits[:12])
    assert said(client)[0] == f"These visits fall on days the salon is closed and need a move: {listed}; and 2 more."


# A service's page ------------------------------------------------------------------------------


def test_a_service_has_its_own_limits_rooms_and_hours(ann, desk):
    room = Resource.objects.create(name="Room")
    Resource.objects.create(name="Chair")

    answer = desk().post(
        f"{ADMIN}service/add/",
        service_form(
            name="Massage",
            min_notice_min="1 day 2 h",
            horizon_days=20,
            slot_step_min=30,
            parallel_ok="on",
            resources=[room.pk],
            performed=[{"team_member": ann.pk}],
            offered=[hours(1, "10:00", "12:00")],
        ),
    )

    service = Service.objects.get(name="Massage")
    assert answer.status_code == 302
    assert (service.min_notice_min, service.horizon_days, service.slot_step_min, service.parallel_ok) == (
        1560,
        20,
        30,
        True,
    )
    assert [str(each) for each in service.resources.all()] == ["Room"]
    assert service.hours.values_list("day_of_week", "start_min", "end_min").get() == (1, 600, 720)


def test_the_trail_keeps_the_names_of_rooms(cut, desk):
    rooms = [Resource.objects.create(name=name) for name in ("Room", "Chair")]
    cut.resources.add(rooms[0])

    desk().post(change("service", cut), service_form(resources=[room.pk for room in rooms]))

    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"resources": ["Room"]}, {"resources": ["Chair", "Room"]})


GROUP = {"allow_group_booking": "on", "max_group_size": 6}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"shared_session": "on", "allow_group_booking": "on"},
            {"max_group_size": ["A class needs two seats or more. Raise the group size, or switch “Class” off."]},
        ),
        (
            GROUP | {"scheduled_only": "on"},
            {"scheduled_only": ["Only a class takes place at set dates. Switch on “Class” too, or switch this off."]},
        ),
        (
            GROUP | {"shared_session": "on", "phases": "20 active, 20 processing, 20 active"},
            {"phases": ["A class has no processing time. Take it out of the phases, or switch “Class” off."]},
        ),
        ({"phases": "30 active, 30 processing"}, {"phases": ["A visit starts and ends with an active phase."]}),
        ({"phases": "20 active, 30 active"}, {"phases": ["The phases must add up to the duration."]}),
        (
            {"min_notice_min": "soon"},
            {"min_notice_min": ["Write a length like 45 min, 2 h or 1 day."]},
        ),
        (
            {"min_notice_min": "3 days", "horizon_days": 2},
            {
                "min_notice_min": [
                    "With a notice of 3 days and bookings at most 2 days ahead, nothing could be booked. Shorten the "
                    "notice, or allow more days."
                ]
            },
        ),
        (
            {"min_notice_min": "61 days"},
            {
                "min_notice_min": [
                    "With a notice of 61 days and bookings at most 60 days ahead, nothing could be booked. Shorten the "
                    "notice, or allow more days."
                ]
            },
        ),
    ],
    ids=["one seat", "set dates alone", "processing", "ends idle", "sum", "words", "own limits", "the salon's limit"],
)
def test_a_service_that_contradicts_itself_is_refused(desk, fields, found):
    answer = desk().post(f"{ADMIN}service/add/", service_form(**fields))

    assert (answer.status_code, faults(answer)) == (200, found)
    assert Service.objects.count() == 0


def test_a_services_furthest_date_meets_the_salons_notice(salon, cut, desk):
    Business.objects.filter(pk=salon.pk).update(min_notice_min=2 * 1440)

    answer = desk().post(change("service", cut), service_form(horizon_days=1))

    assert faults(answer) == {
        "horizon_days": [
            "With a notice of 2 days and bookings at most 1 day ahead, nothing could be booked. Shorten the notice, or "
            "allow more days."
        ]
    }
    cut.refresh_from_db()
    assert cut.horizon_days is None


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        (
            [hours(1, "18:00", "20:00")],
            ["Nobody who performs this service works at these hours. Change them, or the hours of the team."],
        ),
        (
            [hours(1, "10:00", "12:00"), hours(1, "11:00", "13:00")],
            ["Two of these hours overlap. Join them, or change one."],
        ),
    ],
    ids=["nobody works", "overlap"],
)
def test_impossible_hours_of_a_service_are_refused(cut, ann, desk, offered, found):
    answer = desk().post(change("service", cut), service_form(offered=offered))

    assert (answer.status_code, faults(answer)) == (200, {"hours": found})
    assert ServiceHours.objects.count() == 0


def test_hours_for_the_service_alone_count_for_its_hours(cut, ann, desk):
    ann.availability.create(day_of_week=1, start_min=1080, end_min=1200, service=cut)

    answer = desk().post(change("service", cut), service_form(offered=[hours(1, "18:00", "20:00")]))

    assert answer.status_code == 302


def test_the_last_person_of_the_hours_may_not_be_taken_off(cut, ann, desk):
    late = make_member("Late", performs=[cut], works=(1080, 1200))
    ServiceHours.objects.create(service=cut, day_of_week=1, start_min=1080, end_min=1200)
    own = ServiceTeamAssignment.objects.get(team_member=late)
    rows = [
        {"id": ServiceTeamAssignment.objects.get(team_member=ann).pk, "service": cut.pk, "team_member": ann.pk},
        {"id": own.pk, "service": cut.pk, "team_member": late.pk, "DELETE": "on"},
    ]

    answer = desk().post(change("service", cut), service_form() | section("assignments", *rows, initial=2))

    assert faults(answer) == {
        "hours": ["Nobody who performs this service works at these hours. Change them, or the hours of the team."]
    }
    assert ServiceTeamAssignment.objects.count() == 2


@pytest.mark.parametrize("page", ["service", "person", "opening"])
def test_what_fits_into_nobodys_time_is_saved_and_said(cut, ann, desk, page):
    client = desk()

    if page == "service":
        client.post(change("service", cut), service_form(duration_min=481))
    elif page == "person":
        rows = [{"id": row.pk, "team_member": ann.pk, "DELETE": "on"} | MONDAY for row in ann.availability.all()]
        client.post(change("teammember", ann), person_form() | section("availability", *rows, initial=7))
    else:
        client.post(f"{ADMIN}openinghours/add/", hours(1, "09:00", "09:30"))

    assert said(client)[0] == (
        "“Cut” fits into nobody’s working time, so it cannot be booked. Change its length, the hours, or who performs it."
    )


def test_a_smaller_group_than_is_booked_is_saved_and_says_so(salon, ann, desk):
    group = make_service("Party", allow_group_booking=True, max_group_size=4)
    ServiceTeamAssignment.objects.create(service=group, team_member=ann)
    visit = make_booking(salon, group, at(salon))
    Booking.objects.filter(pk=visit.pk).update(attendee_count=3)
    client = desk()

    client.post(change("service", group), service_form(name="Party", allow_group_booking="on", max_group_size=2))

    group.refresh_from_db()
    assert group.max_group_size == 2
    assert said(client)[0] == f"These coming visits use more places and stay as booked: {visit.ref}."


def test_a_class_with_fewer_seats_than_taken_names_its_guests(salon, ann, desk):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=4, shared_session=True)
    start = at(salon, "12:00")
    session = GroupSession.objects.create(
        service=yoga, team_member=ann, start_at=start, end_at=start + timedelta(hours=1)
    )
    plain = make_service("Plain")
    ServiceTeamAssignment.objects.create(service=plain, team_member=ann)
    visits = [make_booking(salon, plain, at(salon, clock)) for clock in ("09:00", "10:00", "13:00")]
    for number, visit in enumerate(visits):
        item = visit.items.get()
        item.session, item.service = session, yoga
        item.save()
        Seat.objects.create(session=session, number=number + 1, item=item)
    client = desk()

    client.post(
        change("service", yoga),
        service_form(name="Yoga", allow_group_booking="on", max_group_size=2, shared_session="on"),
    )

    refs = ", ".join(visit.ref for visit in visits)
    assert said(client)[0] == f"These coming visits use more places and stay as booked: {refs}."


# Rooms and machines ----------------------------------------------------------------------------


def resource_form(*blocks, **fields):
    return {"name": "Room", "quantity": 2, "sort_order": 0} | section("time_blocks", *blocks) | fields


def in_room(visit, room, lane=0):
    item = visit.items.get()
    Occupancy.objects.create(item=item, resource=room, lane=lane, starts_at=visit.start_at, ends_at=visit.end_at)


def test_a_room_is_blocked_and_its_visits_are_named(salon, visit, desk):
    room = Resource.objects.create(name="Room", quantity=2)
    in_room(visit, room)
    day = f"{visit.local_date:%Y-%m-%d}"
    block = {"starts_at_0": day, "starts_at_1": "09:00", "ends_at_0": day, "ends_at_1": "10:15", "reason": "Paint"}
    client = desk()

    asked = client.post(change("resource", room), resource_form(block))

    assert (asked.context["warnings"], said(client), TimeBlock.objects.count()) == ([needs_it(visit)], [], 0)
    client.post(change("resource", room), again(asked))
    saved = TimeBlock.objects.get()
    assert (saved.resource, saved.team_member, saved.created_by is None) == (room, None, False)
    assert said(client)[0] == needs_it(visit)


def test_a_visit_that_gets_the_blocked_room_meanwhile_is_named_first(salon, cut, ann, visit, desk):
    room = Resource.objects.create(name="Room", quantity=2)
    in_room(visit, room)
    day = f"{visit.local_date:%Y-%m-%d}"
    block = {"starts_at_0": day, "starts_at_1": "09:00", "ends_at_0": day, "ends_at_1": "18:00"}
    client = desk()
    asked = client.post(change("resource", room), resource_form(block))
    other = make_booking(salon, cut, at(salon, "14:00"), browser_key="other", details=OTTO)
    in_room(other, room)

    stale = client.post(change("resource", room), again(asked))

    assert (stale.context["warnings"], TimeBlock.objects.count()) == ([needs_it(visit, other)], 0)
    assert client.post(change("resource", room), again(stale)).status_code == 302
    assert TimeBlock.objects.count() == 1


def test_a_room_that_nobody_needs_then_is_blocked_at_once(visit, desk):
    room = Resource.objects.create(name="Room", quantity=2)
    in_room(visit, room)
    day = f"{visit.local_date:%Y-%m-%d}"
    block = {"starts_at_0": day, "starts_at_1": "12:00", "ends_at_0": day, "ends_at_1": "13:00"}

    assert desk().post(change("resource", room), resource_form(block)).status_code == 302

    assert TimeBlock.objects.count() == 1


def needs_it(*visits):
    return f"These visits need it while it is blocked and need a move: {'; '.join(line(each) for each in visits)}."


def test_fewer_rooms_than_booked_is_saved_and_says_so(visit, desk):
    room = Resource.objects.create(name="Room", quantity=2)
    in_room(visit, room, lane=1)
    client = desk()

    client.post(change("resource", room), resource_form(quantity=1))

    room.refresh_from_db()
    assert room.quantity == 1
    assert said(client)[0] == f"These coming visits use more of it and stay as booked: {visit.ref}."


@pytest.mark.parametrize("used", ["service", "visit"])
def test_a_room_in_use_is_kept(cut, visit, desk, used):
    room = Resource.objects.create(name="Room")
    if used == "service":
        cut.resources.add(room)
    else:
        in_room(visit, room)
    client = desk()

    answer = client.post(f"{ADMIN}resource/{room.pk}/delete/", {"post": "yes"})

    assert answer["Location"] == change("resource", room)
    assert said(client) == ["“Room” is needed by services or visits, so it was kept. Take it off the services first."]
    assert Resource.objects.count() == 1


def test_a_class_with_sessions_is_kept(salon, ann, desk):
    yoga = make_service("Yoga")
    start = at(salon)
    GroupSession.objects.create(service=yoga, team_member=ann, start_at=start, end_at=start + timedelta(hours=1))

    desk().post(f"{ADMIN}service/{yoga.pk}/delete/", {"post": "yes"})

    assert Service.objects.filter(pk=yoga.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"), [("openinghours", 6), ("specialopening", 6), ("break", 6), ("closure", 6), ("resource", 6)]
)
def test_lists_of_settings_cost_the_same_whatever_they_show(desk, django_assert_num_queries, page, queries, count):
    for number in range(count):
        OpeningHours.objects.create(day_of_week=number + 1, start_min=540, end_min=1020)
        Break.objects.create(day_of_week=number + 1, start_min=720, end_min=750)
        SpecialOpening.objects.create(date=date(2030, 1, number + 1), shifts=[[540, 720]])
        Closure.objects.create(start_date=date(2030, 2, number + 1), end_date=date(2030, 2, number + 1))
        Resource.objects.create(name=f"Room {number}")
    client = desk()
    client.get(f"{ADMIN}{page}/")

    with django_assert_num_queries(queries):
        client.get(f"{ADMIN}{page}/")


# The booking rules -----------------------------------------------------------------------------


def rules_of(salon):
    return Business.objects.get(pk=salon.pk)


def test_the_booking_rules_are_saved_in_public(salon, nora, desk):
    client = desk()

    answer = client.post(
        RULES,
        rules_form(
            min_notice_min="1 day",
            horizon_days=90,
            slot_step_min=20,
            max_wait_min=15,
            gap_offers="hide",
            hard_edges="on",
            allow_double_visits="on",
            auto_confirm="",
        ),
    )

    saved = rules_of(salon)
    assert answer["Location"] == RULES
    assert said(client) == ["Saved."]
    assert (saved.min_notice_min, saved.horizon_days, saved.slot_step_min, saved.max_wait_min) == (1440, 90, 20, 15)
    assert (saved.hard_edges, saved.allow_double_visits, saved.auto_confirm) == (True, True, False)
    assert saved.gap_offers == "hide"
    assert rules_of(nora).horizon_days == 60
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_label, entry.after["min_notice_min"]) == (
        "booking_rules.changed",
        "admin@rosa.example",
        1440,
    )


def test_the_page_shows_the_rules_in_words(salon, desk):
    Business.objects.filter(pk=salon.pk).update(min_notice_min=1500)

    form = desk().get(RULES).context["form"]

    assert form["min_notice_min"].value() == "1 day 1 h"
    assert dict(form.fields["max_wait_min"].choices)[120] == "2 h"


def test_saving_what_is_there_changes_nothing(desk):
    client = desk()

    client.post(RULES, rules_form())

    assert (said(client), AuditEntry.objects.count()) == (["Nothing was changed."], 0)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        (
            {"min_notice_min": "3 days", "horizon_days": 2},
            {
                "min_notice_min": [
                    "A notice of 3 days reaches beyond the furthest date, 2 days ahead: nothing could be booked. "
                    "Shorten the notice, or allow more days."
                ]
            },
        ),
        (
            {"horizon_days": 1},
            {
                "horizon_days": [
                    "“Colour” could not be booked any more: its notice would be 2 days, its furthest date 1 day ahead. "
                    "Change the service first."
                ]
            },
        ),
        ({"min_notice_min": "-5"}, {"min_notice_min": ["Write a length like 45 min, 2 h or 1 day."]}),
        ({"min_notice_min": "731 days"}, {"min_notice_min": ["Write at most 730 days."]}),
        ({"horizon_days": 731}, {"horizon_days": ["Ensure this value is less than or equal to 730."]}),
        ({"slot_step_min": 4}, {"slot_step_min": ["Ensure this value is greater than or equal to 5."]}),
        (
            {"max_wait_min": 7},
            {"max_wait_min": ["Select a valid choice. 7 is not one of the available choices."]},
        ),
        (
            {"timezone": "Mars/Base"},
            {"timezone": ["Select a valid choice. Mars/Base is not one of the available choices."]},
        ),
    ],
)
def test_rules_that_contradict_each_other_are_refused(salon, desk, fields, found):
    make_service("Colour", min_notice_min=2 * 1440)
    before = Business.objects.filter(pk=salon.pk).values().get()

    answer = desk().post(RULES, rules_form(**fields))

    assert (answer.status_code, faults(answer)) == (200, found)
    assert Business.objects.filter(pk=salon.pk).values().get() == before


def test_a_new_time_zone_asks_first(salon, visit, desk):
    client = desk()

    asked = client.post(RULES, rules_form(timezone="America/Chicago", horizon_days=30))

    assert faults(asked) == {
        "keep": ["1 visit is still to come. Choose one of both and save again; nothing is saved yet."]
    }
    assert "Keep the times on the wall" in asked.text
    assert (rules_of(salon).timezone, rules_of(salon).horizon_days) == ("America/New_York", 60)
    assert "Keep the times on the wall" not in client.get(RULES).text


@pytest.mark.parametrize(("keep", "time"), [("walls", "10:00"), ("instants", "09:00")])
def test_a_new_time_zone_is_saved_once_one_is_chosen(salon, visit, desk, keep, time):
    desk().post(RULES, rules_form(timezone="America/Chicago", keep=keep))

    visit.refresh_from_db()
    assert (rules_of(salon).timezone, visit.booking_tz, f"{visit.local_start:%H:%M}") == (
        "America/Chicago",
        "America/Chicago",
        time,
    )


# Public holidays -------------------------------------------------------------------------------


@pytest.fixture
def january():
    with time_machine.travel("2027-01-03T12:00:00+00:00", tick=False):
        yield


@pytest.mark.usefixtures("january")
class TestHolidays:
    def test_the_salons_own_place_is_shown_first(self, salon, desk):
        Business.objects.filter(pk=salon.pk).update(country="US", region="New York")

        context = desk().get(IMPORT).context

        assert context["place"].data == {"country": "US", "region": "NY", "years": ["2027", "2028"]}
        assert [row.day.name for row in context["rows"]][:3] == [
            "Martin Luther King Jr. Day",
            "Lincoln's Birthday",
            "Susan B. Anthony Day; Washington's Birthday",
        ]

    @pytest.mark.parametrize(
        ("country", "region", "days", "name"),
        [("US", "NY", 16, "Election Day"), ("DE", "BY", 11, "Epiphany"), ("GB", "SCT", 10, "Saint Andrew's Day")],
    )
    def test_any_place_can_be_asked_for(self, desk, country, region, days, name):
        rows = desk().get(IMPORT, {"country": country, "region": region, "years": ["2027"]}).context["rows"]

        assert (len(rows), name in [row.day.name for row in rows]) == (days, True)

    def test_a_region_of_another_country_falls_away(self, desk):
        place = desk().get(IMPORT, {"country": "DE", "region": "NY", "years": ["2027"]}).context["place"]

        assert (place.is_valid(), place.cleaned_data["region"]) == (True, "")

    def test_chosen_days_are_closed_once_and_visits_named_first(self, salon, cut, ann, desk):
        Closure.objects.create(start_date=date(2027, 5, 1), end_date=date(2027, 5, 3))
        SpecialOpening.objects.create(date=date(2027, 5, 6), shifts=[[540, 720]])
        visit = make_booking(salon, cut, at(salon, days=3))
        place = {"country": "DE", "region": "BY", "years": ["2027"]}
        client = desk()
        shown = client.get(IMPORT, place).context["rows"]

        asked = client.post(IMPORT, place | {"day": ["2027-01-06", "2027-05-01", "2027-03-26", "2027-07-01"]})

        assert (asked.context["warnings"], said(client), Closure.objects.count()) == ([closed_on(visit)], [], 1)
        answer = client.post(IMPORT, again(asked))
        assert answer["Location"] == reverse("admin:bookings_closure_changelist", urlconf="config.urls_salon")
        assert {row.day.date.isoformat(): (row.mark, row.visits) for row in shown if row.mark or row.visits} == {
            "2027-01-06": ("", "1 visit"),
            "2027-05-01": ("Closed already", ""),
            "2027-05-06": ("Special hours", ""),
        }
        assert said(client) == [closed_on(visit), "The salon is now closed on 2 more days."]
        assert list(Closure.objects.values_list("start_date", "reason")) == [
            (date(2027, 1, 6), "Epiphany"),
            (date(2027, 3, 26), "Good Friday"),
            (date(2027, 5, 1), ""),
        ]

    def test_a_visit_that_is_booked_meanwhile_is_named_before_the_day_is_closed(self, salon, cut, ann, desk):
        visit = make_booking(salon, cut, at(salon, days=3))
        chosen = {"country": "DE", "region": "BY", "years": ["2027"], "day": ["2027-01-06"]}
        client = desk()
        asked = client.post(IMPORT, chosen)
        other = make_booking(salon, cut, at(salon, "14:00", days=3), browser_key="other", details=OTTO)

        stale = client.post(IMPORT, again(asked))

        assert (stale.context["warnings"], Closure.objects.count()) == ([closed_on(visit, other)], 0)
        assert client.post(IMPORT, again(stale)).status_code == 302
        assert Closure.objects.count() == 1

    def test_days_without_visits_are_closed_at_once(self, desk):
        chosen = {"country": "DE", "region": "BY", "years": ["2027"], "day": ["2027-01-06"]}

        assert desk().post(IMPORT, chosen).status_code == 302

        assert Closure.objects.count() == 1

    def test_nothing_chosen_is_said(self, desk):
        client = desk()

        answer = client.post(IMPORT, {"country": "DE", "region": "BY", "years": ["2027"]})

        assert [str(message) for message in answer.context["messages"]] == [
            "Tick the days on which the salon is closed."
        ]
        assert Closure.objects.count() == 0

    def test_nonsense_is_not_asked_of_the_package(self, desk):
        answer = desk().get(IMPORT, {"country": "XX", "region": "1", "years": ["1900"]})

        assert (answer.status_code, answer.context["rows"], sorted(answer.context["place"].errors)) == (
            200,
            [],
            ["country", "years"],
        )

    def test_the_other_salon_stays_open(self, salon, other_salon, desk):
        desk().post(IMPORT, {"country": "DE", "region": "", "years": ["2027"], "day": ["2027-03-26"]})

        with tenant_context(other_salon):
            assert Closure.objects.count() == 0
