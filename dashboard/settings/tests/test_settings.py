"""Settings: who opens them, where they lead, and that what is written goes through the services."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Closure, OpeningHours, SpecialDay, TeamMemberAvailability, TimeBlock
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants import queries
from tenants.models import Business, Role, SupportAccess, User
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
PAGES = ("", "details/", "rules/", "policies/", "hours/", "closures/", "outside/", "lengths/", "team/")
DETAILS = {"name": "Rosa’s", "country": "us"}
RULES = {
    "min_notice_min": "2 h",
    "horizon_days": "30",
    "slot_step_min": "15",
    "max_wait_min": "0",
    "gap_offers": "prefer",
    "auto_confirm": "on",
    "timezone": "America/New_York",
}


def path(name=""):
    return f"/dashboard/settings/{name}"


@pytest.fixture
def salon(rosa):
    with tenant_context(rosa):
        yield rosa


@pytest.fixture
def ann(salon):
    return make_member("Ann", performs=[make_service()])


@pytest.fixture
def desk(salon, client_for, member):
    return client_for(salon, member("admin"))


def save(client, page, data):
    """Send the form, look at what would change, and save that; the page after it."""
    answer = client.post(path(page), data, follow=True)
    if answer.context is None or "token" not in answer.context:
        return answer
    return client.post(path(page), data | {"seen": answer.context["token"]}, follow=True)


def row(business):
    return Business.objects.get(pk=business.pk)


def acts():
    return list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("staff", 403), ("viewer", 403)])
@pytest.mark.parametrize("page", [*PAGES, "team/<ann>/"])
def test_owners_and_admins_open_settings(page, role, status, salon, ann, client_for, member):
    client = client_for(salon, member(role))

    assert client.get(path(page.replace("<ann>", str(ann.pk)))).status_code == status


@pytest.mark.parametrize("page", [*PAGES, f"team/{UUID(int=1)}/"])
def test_for_strangers_and_other_salons_there_are_none(page, salon, nora, client_for, member):
    assert client_for(salon, member("owner", nora)).get(path(page)).status_code == 404
    assert client_for(salon).get(path(page)).status_code == 302


@pytest.mark.parametrize("role", [Role.STAFF, Role.VIEWER])
def test_roles_that_may_not_arrange_write_nothing(role, salon, ann, client_for, member):
    client = client_for(salon, member(role))
    closure = Closure.objects.create(start_date=date(2040, 1, 1), end_date=date(2040, 1, 1))
    before = Business.objects.filter(pk=salon.pk).values().get()

    sent = {
        "details/": DETAILS,
        "rules/": RULES,
        "policies/": {},
        "hours/": {"day_1": "09:00–17:00"},
        "closures/": {"start_date": "2040-02-01"},
        f"closures/{closure.pk}/remove/": {},
        f"team/{ann.pk}/": {"save": "week"},
    }
    assert {client.post(path(page), data).status_code for page, data in sent.items()} == {403}
    assert Business.objects.filter(pk=salon.pk).values().get() == before
    assert (acts(), OpeningHours.objects.count(), list(Closure.objects.all())) == ([], 0, [closure])


#: What settings lead to beside their own pages, by role.
LEADS = {
    "/admin/team-access/": "owner admin",
    "/admin/api-access/": "owner admin",
    "/dashboard/settings/words/": "owner admin",
    "/admin/bookings/service/": "owner admin",
    "/dashboard/settings/roles/": "owner admin",
    "/billing/": "owner",
    "/businesses/": "owner",
}


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_settings_lead_where_the_person_may_go(role, salon, client_for, member):
    text = client_for(salon, member(role)).get(path()).text

    assert {address for address in LEADS if address in text} == {
        address for address, roles in LEADS.items() if role in roles
    }


def test_every_way_from_the_settings_opens(salon, client_for, member):
    client = client_for(salon, member("owner"))
    here = [part.partition('"')[0] for part in client.get(path()).text.split('class="hub-way" href="')[1:]]

    opened = {address: client.get(address).status_code for address in here if address.startswith("/")}

    assert len(opened) > 12
    assert set(opened.values()) == {200}


@pytest.mark.parametrize(
    ("changes", "finds"),
    [
        ({"manage_gift_cards": {"staff": True}}, ["Calendars", "Gift cards", "Packages"]),
        ({"manage_gift_cards": {"staff": True}, "view_money": {"staff": False}}, ["Calendars", "Packages"]),
    ],
    ids=["gift cards", "without money"],
)
def test_who_is_trusted_with_gift_cards_alone_finds_them(changes, finds, salon, client_for, member):
    Business.objects.filter(pk=salon.pk).update(role_changes=changes)
    client = client_for(salon, member("staff"))

    text = client.get(path()).text
    here = [part.partition('"')[0] for part in text.split('class="hub-way" href="')[1:]]

    assert f'href="{path()}"' in client.get("/dashboard/").text
    assert [label for label in ("Details", "Calendars", "Gift cards", "Packages") if f">{label}<" in text] == finds
    assert {client.get(address).status_code for address in here} == {200}


# The salon ---------------------------------------------------------------------------------------


def test_details_are_saved_by_the_service(desk, salon):
    answer = desk.post(path("details/"), DETAILS | {"email": "hello@rosa.example", "city": "Ghent"}, follow=True)

    assert "Saved." in answer.text
    assert (row(salon).name, row(salon).city, row(salon).country) == ("Rosa’s", "Ghent", "US")
    assert acts() == ["salon.changed"]


def test_details_that_cannot_be_keep_what_was_typed(desk, salon):
    answer = desk.post(path("details/"), {"name": "", "country": "Belgium", "city": "Ghent"})

    assert 'value="Ghent"' in answer.text
    assert "data-error-summary" in answer.text
    assert (row(salon).city, acts()) == (salon.city, [])


def test_details_set_nothing_else(desk, salon):
    desk.post(path("details/"), DETAILS | {"status": "canceled", "slug": "x", "role_changes": "{}", "timezone": "UTC"})

    after = row(salon)
    assert (after.status, after.slug, after.timezone) == (salon.status, salon.slug, salon.timezone)


def test_booking_rules_are_saved(desk, salon):
    assert "Saved." in desk.post(path("rules/"), RULES, follow=True).text

    assert (row(salon).min_notice_min, row(salon).horizon_days, row(salon).gap_offers) == (120, 30, "prefer")
    assert acts() == ["booking_rules.changed"]


def test_rules_that_contradict_each_other_are_refused_at_their_field(desk, salon):
    answer = desk.post(path("rules/"), RULES | {"min_notice_min": "31 days", "horizon_days": "30"})

    assert "reaches beyond the furthest date" in answer.text
    assert 'value="31 days"' in answer.text
    assert (row(salon).min_notice_min, acts()) == (salon.min_notice_min, [])


def test_a_new_time_zone_with_visits_to_come_asks_first(desk, salon, ann):
    make_booking(salon, ann.assignments.get().service, at(salon))
    asked = RULES | {"timezone": "America/Chicago", "horizon_days": str(salon.horizon_days)}

    answer = desk.post(path("rules/"), asked)
    asked_first, before = "What happens to the coming visits?" in answer.text, row(salon).timezone
    desk.post(path("rules/"), asked | {"keep": "instants"})

    assert (asked_first, before, row(salon).timezone) == (True, "America/New_York", "America/Chicago")


def policies_of(client):
    form = client.get(path("policies/")).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {
        name: "on" if value is True else value
        for name, value in shown.items()
        if value is not None and value is not False
    }


def test_policies_are_saved_in_the_salons_money(desk, salon):
    asked = policies_of(desk) | {"no_show_fee_type": "fixed", "no_show_fee_cents": "25.50", "no_show_fee_percent": ""}

    assert "Saved." in desk.post(path("policies/"), asked, follow=True).text

    assert (row(salon).no_show_fee_type, row(salon).no_show_fee_cents) == ("fixed", 2550)
    assert acts() == ["policies.changed"]


def test_policies_that_cannot_hold_are_refused_where_they_stand(desk, salon):
    asked = policies_of(desk) | {"no_show_fee_type": "percent", "no_show_fee_percent": "101"}

    answer = desk.post(path("policies/"), asked)

    assert "A share of the price is at most 100 percent." in answer.text
    assert acts() == []


def test_usual_policies_are_filled_in_and_not_saved(desk, salon):
    text = desk.get(path("policies/")).text
    start = text.partition("?start=")[2].partition('"')[0]

    assert "is filled in, and not saved yet" in desk.get(path("policies/"), {"start": start}).text
    assert acts() == []


# Hours --------------------------------------------------------------------------------------------


def test_opening_hours_are_a_week_of_shifts(desk, salon):
    asked = {"day_1": "09:00-13:00, 14:00–18:00", "day_6": "10–16"}

    assert "Saved." in desk.post(path("hours/"), asked, follow=True).text

    found = list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min"))
    assert found == [(1, 540, 780), (1, 840, 1080), (6, 600, 960)]
    assert acts() == ["business.changed"]
    assert 'value="09:00–13:00, 14:00–18:00"' in desk.get(path("hours/")).text


@pytest.mark.parametrize("written", ["nine to five", "18:00–09:00", "09:00–12:00, 11:00–14:00", "09:00–99:00"])
def test_hours_that_are_none_are_refused_and_stay_written(written, desk, salon):
    answer = desk.post(path("hours/"), {"day_2": written})

    assert "data-error-summary" in answer.text
    assert f'value="{written}"' in answer.text
    assert (OpeningHours.objects.count(), acts()) == (0, [])


def test_visits_left_outside_the_hours_are_named(desk, salon, ann):
    visit = make_booking(salon, ann.assignments.get().service, at(salon, "10:00"))
    every_day = {f"day_{day}": "12:00–17:00" for day in range(1, 8)}

    shown = desk.post(path("hours/"), every_day).text
    saved = save(desk, "hours/", every_day).text

    move = f"/dashboard/calendar/{visit.pk}/move/"
    assert ("Not saved yet" in shown, move in shown) == (True, True)
    assert ("Visits without their time" in saved, move in saved) == (True, True)


def test_the_salon_is_closed_and_opened_again(desk, salon):
    day = (timezone.now() + timedelta(days=40)).date()

    save(desk, "closures/", {"start_date": day.isoformat(), "reason": "Fair"})
    closure = Closure.objects.get()
    shown = desk.get(path("closures/")).text
    desk.post(path(f"closures/{closure.pk}/remove/"))

    assert (closure.start_date, closure.end_date, closure.reason) == (day, day, "Fair")
    assert "Fair" in shown
    assert not Closure.objects.exists()
    assert acts() == ["closure.added", "closure.deleted"]


def test_visits_on_closed_days_are_named(desk, salon, ann):
    visit = make_booking(salon, ann.assignments.get().service, at(salon))

    answer = save(desk, "closures/", {"start_date": visit.local_date.isoformat()})

    assert "Visits without their time" in answer.text
    assert f"/dashboard/calendar/{visit.pk}/move/" in answer.text


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"start_date": "2040-02-02", "end_date": "2040-02-01"},
        {"start_date": "1999-12-31"},
        {"start_date": "9999-12-31"},
        {"start_date": "2040-01-01", "end_date": "2050-01-01"},
    ],
    ids=str,
)
def test_a_closure_that_is_none_is_refused(asked, desk, salon):
    answer = desk.post(path("closures/"), asked)

    assert "data-error-summary" in answer.text
    assert (Closure.objects.count(), acts()) == (0, [])


def test_ids_of_nothing_are_not_found(desk, salon, ann):
    nothing = uuid4()

    for page in (f"closures/{nothing}/remove/", f"team/{nothing}/", f"team/{ann.pk}/days/{nothing}/remove/"):
        assert desk.post(path(page)).status_code == 404


# People -------------------------------------------------------------------------------------------


def test_a_persons_week_is_replaced_as_a_whole(desk, salon, ann):
    answer = save(desk, f"team/{ann.pk}/", {"save": "week", "week-day_3": "10:00–15:00"})

    assert "Saved: the week of Ann" in answer.text
    found = TeamMemberAvailability.objects.filter(team_member=ann).values_list("day_of_week", "start_min", "end_min")
    assert list(found) == [(3, 600, 900)]
    assert acts() == ["teammember.changed"]


def test_a_day_off_and_back(desk, salon, ann):
    day = (timezone.now() + timedelta(days=9)).date()
    desk.post(path(f"team/{ann.pk}/"), {"save": "day", "day-date": day.isoformat(), "day-reason": "Dentist"})
    found = SpecialDay.objects.get(team_member=ann)
    shown = desk.get(path(f"team/{ann.pk}/")).text

    desk.post(path(f"team/{ann.pk}/days/{found.pk}/remove/"))

    assert (found.date, found.shifts, found.reason) == (day, [], "Dentist")
    assert "Day off" in shown
    assert not SpecialDay.objects.exists()


def test_blocked_time_is_the_salons_wall_and_may_pass_midnight(desk, salon, ann):
    day = (timezone.now() + timedelta(days=9)).date()
    asked = {"save": "block", "block-day": day.isoformat(), "block-start": "22:00", "block-end": "01:30"}

    desk.post(path(f"team/{ann.pk}/"), asked)
    block = TimeBlock.objects.get(team_member=ann)
    desk.post(path(f"team/{ann.pk}/blocks/{block.pk}/remove/"))

    begins, ends = (instant.astimezone(salon.zone) for instant in (block.starts_at, block.ends_at))
    assert (begins.date(), begins.hour, ends.date(), ends.hour, ends.minute) == (
        day,
        22,
        day + timedelta(days=1),
        1,
        30,
    )
    assert not TimeBlock.objects.exists()


def test_a_wrong_form_leaves_the_others_alone(desk, salon, ann):
    answer = desk.post(path(f"team/{ann.pk}/"), {"save": "block", "block-day": "", "block-start": "9", "block-end": ""})

    assert "data-error-summary" in answer.text
    assert (TimeBlock.objects.count(), TeamMemberAvailability.objects.filter(team_member=ann).count()) == (0, 7)


def test_days_of_somebody_else_are_not_removed_by_the_way(desk, salon, ann):
    other = make_member("Ben")
    day = SpecialDay.objects.create(team_member=other, date=date(2040, 1, 1), shifts=[])

    assert desk.post(path(f"team/{ann.pk}/days/{day.pk}/remove/")).status_code == 404
    assert SpecialDay.objects.get() == day


@pytest.mark.parametrize("count", [1, 3])
def test_the_team_costs_the_same_however_many(count, desk, salon, django_assert_num_queries):
    for number in range(count):
        make_member(f"Ann {number}")
    desk.get(path("team/"))

    with django_assert_num_queries(7):
        desk.get(path("team/"))


# Support ------------------------------------------------------------------------------------------


def test_support_for_settings_changes_and_deletes_nothing(salon, client_for):
    operator = User.objects.create_superuser("help@tithi.example", "correct horse battery")
    now = timezone.now()
    SupportAccess.objects.create(
        business=salon,
        operator=operator,
        operator_label="help",
        role="admin",
        reason="They asked.",
        opened_at=now,
        ends_at=now + timedelta(hours=1),
    )
    closure = Closure.objects.create(start_date=date(2040, 1, 1), end_date=date(2040, 1, 1))
    client = client_for(salon, operator)

    changed = client.post(path("rules/"), RULES).status_code
    removed = client.post(path(f"closures/{closure.pk}/remove/")).status_code
    text = client.get(path()).text

    assert queries.membership_of(operator, salon) is None
    assert (changed, removed, Closure.objects.count()) == (302, 403, 1)
    assert "/remove/" not in client.get(path("closures/")).text
    assert [address for address in LEADS if address in text] == ["/admin/bookings/service/"]
    assert "help@tithi.example (Tithi support)" in set(AuditEntry.objects.values_list("actor_label", flat=True))
