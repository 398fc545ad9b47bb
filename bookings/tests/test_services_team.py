"""People, their plans and their time off, and the salon's own hours; what is refused leaves everything as it was."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings import stranded
from bookings.models import (
    Break,
    Closure,
    OpeningHours,
    SpecialDay,
    SpecialOpening,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.services import closures, records, team
from bookings.services.team import members, time_off
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.models import Membership

CHRISTMAS = date(2026, 12, 25)


def when():
    return {"by": actors.SYSTEM, "now": timezone.now()}


def create(services=None, **fields):
    return team.create_member(fields={"first_name": "Ann"} | fields, services=services, **when())


def change(member, services=None, **fields):
    return team.change_member(member=member, fields=fields, services=services, **when())


def plan(member, *shifts, service=None):
    return team.set_weekly_plan(member=member, service=service, shifts=list(shifts), **when())


def trail():
    return list(AuditEntry.objects.order_by("at", "pk").values_list("action", "before", "after"))


def week_of(rows):
    return sorted(rows.values_list("day_of_week", "start_min", "end_min"))


# People --------------------------------------------------------------------------------------------


def test_a_person_is_made_and_performs_what_was_named(salon, cut):
    made = create(
        [{"service": cut, "price_cents": 6000}], last_name=" Berg ", phone="+12125550187", specialties=["Curls"]
    )

    assert (made.name, TeamMember.objects.get().phone) == ("Ann Berg", "+12125550187")
    assert list(made.assignments.values_list("service", "price_cents")) == [(cut.pk, 6000)]
    assert trail() == [
        (
            "teammember.added",
            {},
            {
                "first_name": "Ann",
                "last_name": "Berg",
                "phone": "+12125550187",
                "specialties": ["Curls"],
                "services": ["Ann Berg performs Cut ($60.00)"],
            },
        )
    ]


def test_a_person_performs_nothing_unless_it_is_said(salon, cut):
    assert list(create().assignments.all()) == []


def test_a_change_of_a_person_leaves_what_it_does_not_name(salon, cut):
    made = create([{"service": cut}], title="Stylist")

    changed = change(made, title="Senior stylist")
    emptied = change(made, services=[])

    assert (changed.title, changed.first_name, emptied.assignments.count()) == ("Senior stylist", "Ann", 0)
    assert trail()[1:] == [
        ("teammember.changed", {"title": "Stylist"}, {"title": "Senior stylist"}),
        ("teammember.changed", {"services": ["Ann performs Cut"]}, {"services": []}),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"email": "ann"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"role": "boss"}, "role"),
        ({"color": "red"}, "color"),
        ({"specialties": "curls"}, "specialties"),
        ({"specialties": [1]}, "specialties"),
        ({"specialties": ["a" * 61]}, "specialties"),
        ({"max_concurrent_bookings": 0}, "max_concurrent_bookings"),
        ({"buffer_time_minutes": 241}, "buffer_time_minutes"),
        ({"user_id": uuid4()}, "user_id"),
    ],
)
def test_a_person_who_cannot_be_is_refused_when_made_and_when_changed(salon, fields, field):
    ann = make_member()
    before = TeamMember.objects.values().get()

    with pytest.raises(records.Refused) as made:
        create(**fields)
    with pytest.raises(records.Refused) as changed:
        change(ann, **fields)

    assert (made.value.field, changed.value.field) == (field, field)
    assert (TeamMember.objects.values().get(), trail()) == (before, [])


def test_whose_login_has_left_the_salon_is_changed_and_leaves_like_anybody(salon, member):
    ann = create(user_id=member("staff").pk)
    Membership.objects.filter(business=salon, user_id=ann.user_id).delete()

    change(ann, first_name="Anna")
    change(ann, is_active=False)

    ann.refresh_from_db()
    assert (ann.first_name, ann.is_active) == ("Anna", False)
    with pytest.raises(records.Refused):
        create(user_id=ann.user_id)


def test_a_login_is_this_salons_and_one_persons(salon, other_salon, member):
    ours, theirs = member("staff"), member("staff", other_salon)
    ann = create(user_id=ours.pk)

    with pytest.raises(records.Refused) as taken:
        create(user_id=ours.pk)
    with pytest.raises(records.Refused) as foreign:
        change(ann, user_id=theirs.pk)

    assert str(taken.value) == "Somebody else on the team has this login."
    assert str(foreign.value) == "Nobody of this salon has this login."
    assert list(TeamMember.objects.values_list("user_id", flat=True)) == [ours.pk]


def test_a_person_without_visits_is_deleted(salon, cut, ann):
    assert team.remove_member(member=ann, **when()) is True

    assert (TeamMember.objects.count(), TeamMemberAvailability.objects.count()) == (0, 0)
    assert [(action, before["first_name"]) for action, before, _ in trail()] == [("teammember.deleted", "Ann")]
    with pytest.raises(records.Gone):
        team.remove_member(member=ann, **when())
    with pytest.raises(records.Gone):
        change(ann, title="Stylist")


def test_a_person_with_visits_is_switched_off_and_they_stay(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    first, second = (team.remove_member(member=ann, **when()) for _ in range(2))

    ann.refresh_from_db()
    assert (first, second, ann.is_active) == (False, False, False)
    assert stranded.of_person(member=ann, now=timezone.now()) == [booking]
    assert trail()[-1] == ("teammember.changed", {"is_active": True}, {"is_active": False})


# Weekly plans --------------------------------------------------------------------------------------


def test_a_plan_replaces_the_one_before(salon, cut, ann):
    rows = plan(ann, (7, 20 * 60, 26 * 60), (1, 540, 720))

    assert [str(row) for row in rows] == ["Monday 09:00–12:00", "Sunday 20:00–26:00"]
    assert week_of(ann.availability) == [(1, 540, 720), (7, 1200, 1560)]
    [(action, before, after)] = trail()
    assert (action, len(before["hours"])) == ("teammember.changed", 7)
    assert after == {"hours": ["Monday 09:00–12:00", "Sunday 20:00–26:00"]}


def test_the_same_plan_is_no_change(salon, ann):
    before = set(ann.availability.values_list("pk", flat=True))

    plan(ann, *week_of(ann.availability))

    assert (set(ann.availability.values_list("pk", flat=True)), trail()) == (before, [])


def test_a_plan_for_one_service_leaves_the_general_one(salon, cut, ann):
    plan(ann, (1, 600, 660), service=cut)

    assert week_of(ann.availability.filter(service=cut)) == [(1, 600, 660)]
    assert ann.availability.filter(service=None).count() == 7
    assert trail() == [("teammember.changed", {"hours for Cut": []}, {"hours for Cut": ["Monday 10:00–11:00"]})]


BAD_WEEKS = {
    "overlap": (((1, 540, 720), (1, 700, 800)), "Two shifts overlap. Join them, or change one."),
    "night into Monday": (((7, 1200, 1560), (1, 60, 180)), "Two shifts overlap. Join them, or change one."),
    "no length": (
        ((1, 540, 540),),
        "Monday 09:00–09:00: The end must be after the start; write 26:00 for two in the morning.",
    ),
    "tomorrow": (((1, 1440, 1500),), "Monday 24:00–25:00: A shift starts before 24:00; put it on the next day."),
    "too long": (((1, 540, 2881),), "Monday 09:00–48:01: A shift ends by 48:00, the end of the next day."),
    "no weekday": (
        ((0, 540, 600),),
        "A shift has a weekday from 1, Monday, to 7, Sunday, and begins at 00:00 or later.",
    ),
    "many": (tuple((1 + n % 7, 10 * (n // 7), 10 * (n // 7) + 5) for n in range(85)), "A week has at most 84 shifts."),
}


@pytest.mark.parametrize("week", BAD_WEEKS)
def test_a_week_that_cannot_be_is_refused(salon, ann, week):
    shifts, sentence = BAD_WEEKS[week]
    OpeningHours.objects.create(day_of_week=2, start_min=540, end_min=600)
    before = week_of(ann.availability)

    with pytest.raises(records.Refused) as of_person:
        plan(ann, *shifts)
    with pytest.raises(records.Refused) as of_salon:
        team.set_opening_hours(shifts=shifts, **when())

    assert of_person.value.sentences == of_salon.value.sentences == {"shifts": sentence}
    assert week_of(ann.availability) == before
    assert (week_of(OpeningHours.objects), trail()) == ([(2, 540, 600)], [])


def test_shifts_may_touch(salon, ann):
    plan(ann, (1, 540, 720), (1, 720, 800), (7, 1200, 1440))

    assert len(week_of(ann.availability)) == 3


def test_breaks_leave_something_of_a_shift(salon, ann):
    Break.objects.create(team_member=ann, day_of_week=1, start_min=600, end_min=660)
    Break.objects.create(day_of_week=1, start_min=660, end_min=700)
    bob = make_member("Bob")

    with pytest.raises(records.Refused) as refusal:
        plan(ann, (1, 600, 700))
    with pytest.raises(records.Refused):
        team.set_opening_hours(shifts=[(1, 660, 700)], **when())

    assert str(refusal.value) == (
        "The breaks take up the whole shift on Monday 10:00–11:40. Make them shorter, or leave the shift out."
    )
    assert week_of(TeamMemberAvailability.objects.filter(pk__in=[row.pk for row in plan(bob, (1, 600, 700))]))


def test_a_plan_needs_its_person_and_its_service(salon, cut, ann):
    gone = make_service("Gone", deleted_at=timezone.now())

    with pytest.raises(records.Gone):
        plan(ann, (1, 600, 700), service=gone)
    with pytest.raises(records.Gone):
        plan(TeamMember(first_name="Nobody"), (1, 600, 700))


def test_the_salon_is_open_as_it_says(salon):
    team.set_opening_hours(shifts=[(1, 540, 1080)], **when())
    rows = team.set_opening_hours(shifts=[(2, 540, 1080), (2, 1140, 1500)], **when())

    assert [str(row) for row in rows] == ["Tuesday 09:00–18:00", "Tuesday 19:00–25:00"]
    assert [(action, after) for action, _, after in trail()] == [
        ("business.changed", {"opening hours": ["Monday 09:00–18:00"]}),
        ("business.changed", {"opening hours": ["Tuesday 09:00–18:00", "Tuesday 19:00–25:00"]}),
    ]


def test_visits_outside_new_hours_stay(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    plan(ann)

    booking.refresh_from_db()
    assert booking.status == "confirmed"
    assert stranded.outside_hours(business=salon, members=[ann.pk], now=timezone.now()) == [booking]


# Single dates --------------------------------------------------------------------------------------


def test_a_special_day_is_set_and_set_again(salon, ann):
    team.set_special_day(member=ann, date=CHRISTMAS, shifts=[(840, 900), (540, 600)], reason="Feast", **when())
    day = team.set_special_day(member=ann, date=CHRISTMAS, shifts=[], open_anyway=False, reason="Feast", **when())

    assert SpecialDay.objects.get() == day
    assert (day.shifts, day.reason) == ([], "Feast")
    assert [(action, after) for action, _, after in trail()] == [
        (
            "specialday.added",
            {"date": "2026-12-25", "shifts": [[540, 600], [840, 900]], "open_anyway": False, "reason": "Feast"},
        ),
        ("specialday.changed", {"shifts": []}),
    ]


@pytest.mark.parametrize("shifts", [[(540, 540)], [(540, 700), (600, 800)], [(1440, 1500)], [(540, 2881)]])
def test_shifts_of_a_date_have_a_length_and_keep_apart(salon, ann, shifts):
    with pytest.raises(records.Refused) as refusal:
        team.set_special_day(member=ann, date=CHRISTMAS, shifts=shifts, **when())

    assert refusal.value.field == "shifts"
    assert (SpecialDay.objects.count(), trail()) == (0, [])


def test_a_special_day_is_taken_away(salon, ann):
    day = team.set_special_day(member=ann, date=CHRISTMAS, shifts=[], **when())

    team.remove_special_day(special_day=day, **when())

    assert (SpecialDay.objects.count(), trail()[-1][0]) == (0, "specialday.deleted")
    with pytest.raises(records.Gone):
        team.remove_special_day(special_day=day, **when())


def test_the_same_closure_sent_twice_is_one(salon):
    one, same, _other = (
        team.add_closure(first=CHRISTMAS, last=CHRISTMAS, reason=reason, **when())
        for reason in ("Christmas", " Christmas ", "")
    )

    assert (one, Closure.objects.count()) == (same, 2)
    assert [action for action, _, _ in trail()] == ["closure.added"] * 2


def test_a_closure_is_added_and_taken_away(salon):
    closure = team.add_closure(first=CHRISTMAS, last=CHRISTMAS + timedelta(days=1), reason=" Christmas ", **when())

    assert (closure.reason, closures.is_closed(CHRISTMAS), closures.is_closed(date(2026, 12, 27))) == (
        "Christmas",
        True,
        False,
    )
    team.remove_closure(closure=closure, **when())

    assert (Closure.objects.count(), [action for action, _, _ in trail()]) == (0, ["closure.added", "closure.deleted"])
    with pytest.raises(records.Gone):
        team.remove_closure(closure=closure, **when())


@pytest.mark.parametrize(
    ("days", "sentences"),
    [
        (-1, {"end_date": "The last day cannot be before the first."}),
        (733, {"end_date": "Close at most two years at once."}),
        (2, {"": "There are special hours on Saturday 26 December. Delete them first, or leave the day out."}),
    ],
)
def test_a_closure_that_cannot_be_is_refused(salon, days, sentences):
    SpecialOpening.objects.create(date=date(2026, 12, 26), shifts=[[540, 600]])

    with pytest.raises(records.Refused) as refusal:
        team.add_closure(first=CHRISTMAS, last=CHRISTMAS + timedelta(days=days), **when())

    assert refusal.value.sentences == sentences
    assert (Closure.objects.count(), trail()) == (0, [])


def test_time_is_blocked_and_freed(salon, cut, ann, owner):
    booking, start = make_booking(salon, cut, at(salon)), at(salon, "09:00")

    block = team.add_time_block(
        member=ann,
        starts_at=start,
        ends_at=start + timedelta(hours=3),
        reason="Ill",
        by=actors.user(owner),
        now=timezone.now(),
    )

    assert (block.created_by, stranded.in_block(block=block, now=timezone.now())) == (owner.pk, [booking])
    team.remove_time_block(time_block=block, **when())
    assert [action for action, _, _ in trail()][-2:] == ["timeblock.added", "timeblock.deleted"]
    with pytest.raises(records.Gone):
        team.remove_time_block(time_block=block, **when())


def test_a_block_gets_another_time_and_another_person(salon, ann):
    bea, start = make_member("Bea"), at(salon, "09:00")
    block = team.add_time_block(member=ann, starts_at=start, ends_at=start + timedelta(hours=3), **when())
    fields = {"team_member": bea, "starts_at": start + timedelta(hours=1), "reason": " Ill "}

    changed = team.change_time_block(time_block=block, fields=fields, **when())
    team.change_time_block(time_block=block, fields=fields, **when())

    assert (changed.team_member, changed.starts_at, changed.reason) == (bea, start + timedelta(hours=1), "Ill")
    assert [action for action, _, _ in trail()] == ["timeblock.added", "timeblock.changed"]


@pytest.mark.parametrize("hours", [3, 4])
def test_a_block_is_not_changed_to_one_without_length(salon, ann, hours):
    start = at(salon, "09:00")
    block = team.add_time_block(member=ann, starts_at=start, ends_at=start + timedelta(hours=3), **when())
    before = trail()

    with pytest.raises(records.Refused) as refusal:
        team.change_time_block(time_block=block, fields={"starts_at": start + timedelta(hours=hours)}, **when())

    assert refusal.value.field == "ends_at"
    assert (TimeBlock.objects.get().starts_at, trail()) == (start, before)


def test_a_block_that_is_gone_is_not_changed(salon, ann):
    start = at(salon, "09:00")
    block = team.add_time_block(member=ann, starts_at=start, ends_at=start + timedelta(hours=3), **when())
    team.remove_time_block(time_block=block, **when())

    with pytest.raises(records.Gone):
        team.change_time_block(time_block=block, fields={"reason": "Ill"}, **when())


@pytest.mark.parametrize("length", [timedelta(0), timedelta(hours=-1), timedelta(days=733)])
def test_a_block_has_a_length_within_two_years(salon, ann, length):
    start = at(salon)

    with pytest.raises(records.Refused) as refusal:
        team.add_time_block(member=ann, starts_at=start, ends_at=start + length, **when())

    assert refusal.value.field == "ends_at"
    assert (TimeBlock.objects.count(), trail()) == (0, [])


def test_people_dates_and_blocks_are_so_many_at_most(salon, ann, monkeypatch):
    monkeypatch.setattr(members, "MOST_MEMBERS", 1)
    monkeypatch.setattr(time_off, "MOST_SPECIAL_DAYS", 0)
    monkeypatch.setattr(time_off, "MOST_BLOCKS", 0)
    monkeypatch.setattr(closures, "MOST_CLOSURES", 0)
    start = at(salon)

    with pytest.raises(records.NoRoom):
        create()
    with pytest.raises(records.NoRoom):
        team.set_special_day(member=ann, date=CHRISTMAS, shifts=[], **when())
    with pytest.raises(records.NoRoom):
        team.add_time_block(member=ann, starts_at=start, ends_at=start + timedelta(hours=1), **when())
    with pytest.raises(records.NoRoom):
        team.add_closure(first=CHRISTMAS, last=CHRISTMAS, **when())

    assert (TeamMember.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_the_other_salons_people_are_left_alone(salon, other_salon):
    with tenant_context(other_salon):
        theirs = make_member()

    with pytest.raises(records.Gone):
        change(theirs, title="Ours")
    with pytest.raises(records.Gone):
        plan(theirs, (1, 540, 600))
    with pytest.raises(records.Gone):
        team.set_special_day(member=theirs, date=CHRISTMAS, shifts=[], **when())

    with tenant_context(other_salon):
        assert (TeamMember.objects.get().title, theirs.availability.count()) == ("", 7)
