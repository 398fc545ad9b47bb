"""Steps 4 and 7 as pages: who works here, and when."""

import re
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.models import Invitation
from audit.models import AuditEntry
from bookings.models import Service, TeamMember, TeamMemberAvailability
from bookings.services import catalogue, team
from bookings.tests.factories import make_booking, make_member, make_service
from onboarding import queries
from tenants.models import Membership, User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
YOU = {"who": "you", "first_name": "Mara", "last_name": "Lark", "email": "mara@lark.example", "is_active": "on"}
ANN = {"who": "", "first_name": "Ann", "last_name": "Berg", "role": "staff", "is_active": "on", "performs_all": "on"}
WHOLE_WEEK = [(day, 540, 1080) for day in range(1, 8)]


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


def rows(*people, **more):
    data = {"people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0}
    for index, person in enumerate(people):
        data |= {f"people-{index}-{name}": value for name, value in person.items()}
    return data | more


def saved(browser, *people, **more):
    answer = browser.post("/onboarding/team/", rows(*people, **more))
    assert answer.status_code == 302, answer.text
    return answer


def row_of(member, **change):
    row = {"who": str(member.pk), "first_name": member.first_name, "last_name": member.last_name, "is_active": "on"}
    return row | {"email": member.email, "role": member.role} | change


def everybody(business):
    with tenant_context(business):
        return {member.first_name: member for member in TeamMember.objects.all()}


def added(business, by, first_name, **fields):
    with tenant_context(business):
        return team.create_member(fields={"first_name": first_name, **fields}, by=by, now=timezone.now())


def week(prefix, days, start="09:00", end="18:00", **more):
    data = {"people": prefix} | more
    for day in range(1, 8):
        data |= {f"{prefix}-from_{day}": start, f"{prefix}-to_{day}": end}
        data |= {f"{prefix}-open_{day}": "on"} if day in days else {}
    return data


def shifts_of(business, member, service=None):
    with tenant_context(business):
        found = TeamMemberAvailability.objects.filter(team_member=member, service=service)
        return list(found.values_list("day_of_week", "start_min", "end_min"))


# The team --------------------------------------------------------------------------------------------


def test_the_owner_is_there_before_the_first_answer(browser, opened):
    page = browser.get("/onboarding/team/").text

    assert 'value="Mara"' in page
    assert "Customers can book me" in page
    assert not everybody(opened.business)


@pytest.mark.parametrize(
    ("email", "first", "last"),
    [
        ("rita.moss7@lark.example", "Rita", "Moss"),
        ("rita+salon@lark.example", "Rita", ""),
        ("info@lark.example", "Studio Lark", ""),
        ("7@lark.example", "Studio Lark", ""),
    ],
)
def test_an_owner_without_a_name_can_press_save_at_once(browser, opened, newcomer, email, first, last):
    User.objects.filter(pk=newcomer.pk).update(first_name="", last_name="", email=email)

    page = browser.get("/onboarding/team/").text

    assert f'name="people-0-first_name" value="{first}"' in page
    assert (f'name="people-0-last_name" value="{last}"' in page) == bool(last)


def test_one_press_saves_the_owner_and_whoever_was_added(browser, opened, newcomer):
    answer = saved(browser, YOU, ANN | {"title": "Stylist", "phone": "(212) 555-0143"})

    people = everybody(opened.business)
    assert answer["Location"] == f"/onboarding/branding/?salon={opened.pk}"
    assert (people["Mara"].user_id, people["Mara"].role) == (newcomer.pk, "owner")
    assert (people["Ann"].title, str(people["Ann"].phone), people["Ann"].role) == ("Stylist", "+12125550143", "staff")


def test_a_second_press_adds_nobody(browser, opened):
    saved(browser, YOU, ANN)
    saved(browser, YOU, ANN)

    assert sorted(everybody(opened.business)) == ["Ann", "Mara"]


def test_rows_nobody_wrote_into_are_no_people(browser, opened):
    saved(browser, YOU, ANN | {"first_name": "", "last_name": ""})

    assert list(everybody(opened.business)) == ["Mara"]


def test_an_owner_who_is_not_booked_is_not_on_the_team(browser, opened):
    saved(browser, {name: value for name, value in YOU.items() if name != "is_active"}, ANN)

    assert list(everybody(opened.business)) == ["Ann"]
    assert "Customers can book me" in browser.get("/onboarding/team/").text


def test_a_team_that_has_its_owner_is_not_offered_a_second_one(browser, opened, by):
    added(opened.business, by, "Mara", role="owner")

    assert "Customers can book me" not in browser.get("/onboarding/team/").text


def test_people_are_changed_and_taken_off(browser, opened, by):
    ann, bea = (added(opened.business, by, name) for name in ("Ann", "Bea"))

    saved(browser, row_of(ann, title="Stylist", role="admin"), row_of(bea, remove="on"))

    people = everybody(opened.business)
    assert list(people) == ["Ann"]
    assert (people["Ann"].title, people["Ann"].role) == ("Stylist", "admin")


def test_who_comes_late_performs_what_there_is_unless_told_otherwise(browser, furnished):
    bea = {name: value for name, value in ANN.items() if name != "performs_all"} | {"first_name": "Bea"}
    with tenant_context(furnished.business):
        mara = TeamMember.objects.get()

    saved(browser, row_of(mara), ANN, bea)

    with tenant_context(furnished.business):
        counts = {member.first_name: member.services.count() for member in TeamMember.objects.all()}
    assert counts == {"Mara": 2, "Ann": 2, "Bea": 0}


def test_what_is_wrong_is_said_at_its_row_and_nothing_is_kept(browser, opened):
    wrong = ANN | {"first_name": "", "email": "nobody", "phone": "12"}

    answer = browser.post("/onboarding/team/", rows(YOU, wrong))

    assert "Please write this: first name." in answer.text
    assert "Enter a valid email address." in answer.text
    assert "with its area code" in answer.text
    assert 'value="Berg"' in answer.text
    assert not everybody(opened.business)


def test_what_the_salon_refuses_is_said_at_its_row(browser, opened, by):
    ann = added(opened.business, by, "Ann", last_name="Berg")

    answer = browser.post("/onboarding/team/", rows(row_of(ann), ANN | {"title": "Stylist"}))

    assert "on the list twice" in answer.text
    assert everybody(opened.business)["Ann"].title == ""


def test_somebody_can_be_booked(browser, opened, by):
    ann = added(opened.business, by, "Ann")
    row = row_of(ann)
    del row["is_active"]

    answer = browser.post("/onboarding/team/", rows(row))

    assert "Customers must be able to book somebody" in answer.text
    assert everybody(opened.business)["Ann"].is_active
    assert 4 not in queries.progress_of(opened.business).completed_steps


def test_without_scripts_the_page_comes_back_with_one_row_more(browser, opened):
    page = browser.post("/onboarding/team/", rows(YOU, ANN | {"email": "half"}, more="1")).text

    assert 'name="people-TOTAL_FORMS" value="3"' in page
    assert 'value="half"' in page
    assert "Please check" not in page
    assert not everybody(opened.business)


def test_whoever_has_gone_meanwhile_is_not_made_anew(browser, opened):
    gone = YOU | {"who": str(uuid4())}

    assert "not on the team any more" in browser.post("/onboarding/team/", rows(gone, ANN)).text
    assert not everybody(opened.business)


def test_nobody_is_read_into_a_form_that_was_mangled(browser, opened):
    assert browser.post("/onboarding/team/", {"people-TOTAL_FORMS": "many"}).status_code == 200
    assert not everybody(opened.business)


# Signing in ------------------------------------------------------------------------------------------


def test_whoever_is_to_sign_in_is_asked_by_mail(browser, opened):
    saved(browser, YOU, ANN | {"email": "ann@lark.example", "role": "admin", "invite": "on"})

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.business) == ("ann@lark.example", "admin", opened.business)
    assert "Was invited to sign in" in browser.get("/onboarding/team/").text


def test_an_invitation_needs_an_address(browser, opened):
    answer = browser.post("/onboarding/team/", rows(YOU, ANN | {"invite": "on"}))

    assert "Write the address the invitation goes to." in answer.text
    assert not everybody(opened.business)


def test_an_invitation_that_cannot_be_sent_is_said_and_the_team_is_kept(browser, opened, by):
    bea = User.objects.create_user("bea@lark.example", "correct horse battery")
    Membership.objects.create(user=bea, business=opened.business, role="staff")
    added(opened.business, by, "Bee", email="bea@lark.example")
    people = [
        YOU,
        *(ANN | {"first_name": name, "email": f"{name}@lark.example", "invite": "on"} for name in ("ann", "bea")),
    ]

    answer = browser.post("/onboarding/team/", rows(*people))

    assert answer.text.count("This person is in the team already.") == 1
    assert "One invitation could not be sent" in re.sub(r"\s+", " ", answer.text)
    assert sorted(everybody(opened.business)) == ["Bee", "Mara", "ann", "bea"]
    assert [each.email for each in Invitation.objects.all()] == ["ann@lark.example"]


# Hours -----------------------------------------------------------------------------------------------


def test_hours_are_offered_before_the_first_answer(browser, opened, by):
    added(opened.business, by, "Ann")

    page = browser.get("/onboarding/availability/").text

    assert page.count(" checked") == 5
    assert not shifts_of(opened.business, everybody(opened.business)["Ann"])


def test_opening_hours_go_before_those_of_the_kind_of_business(browser, opened, by):
    added(opened.business, by, "Ann")
    with tenant_context(opened.business):
        team.set_opening_hours(shifts=[(1, 660, 900)], by=by, now=timezone.now())

    page = browser.get("/onboarding/availability/").text

    assert page.count(" checked") == 1
    assert page.count('value="11:00"') == 7  # suggested on the other days


def test_one_press_saves_everybodys_week(browser, furnished, by):
    ann = added(furnished.business, by, "Ann")
    mara = everybody(furnished.business)["Mara"]
    data = week(str(mara.pk), [1]) | week(str(ann.pk), [5, 6], "20:00", "02:00")

    answer = browser.post("/onboarding/availability/", data | {"people": [str(mara.pk), str(ann.pk)]})

    assert answer["Location"] == f"/onboarding/notifications/?salon={furnished.pk}"
    assert shifts_of(furnished.business, mara) == [(1, 540, 1080)]
    assert shifts_of(furnished.business, ann) == [(5, 1200, 1560), (6, 1200, 1560)]


def test_wrong_times_are_named_and_the_others_kept(browser, furnished, by):
    mara = everybody(furnished.business)["Mara"]
    data = week(str(mara.pk), [1, 2]) | {f"{mara.pk}-from_1": "9 o'clock", f"{mara.pk}-to_2": "17:30"}

    answer = browser.post("/onboarding/availability/", data)

    assert "Mara Lark, Monday from: Write a time like 09:00" in answer.text
    assert 'value="17:30"' in answer.text
    assert shifts_of(furnished.business, mara) == WHOLE_WEEK


def test_what_the_salon_refuses_is_said_at_the_person(browser, furnished):
    mara = everybody(furnished.business)["Mara"]
    data = week(str(mara.pk), [1, 2]) | {f"{mara.pk}-to_1": "34:00"}

    answer = browser.post("/onboarding/availability/", data)

    assert "Mara Lark: Two shifts overlap." in answer.text
    assert shifts_of(furnished.business, mara) == WHOLE_WEEK


def test_somebody_works_before_the_page_opens(browser, furnished):
    mara = everybody(furnished.business)["Mara"]

    answer = browser.post("/onboarding/availability/", week(str(mara.pk), []))

    assert "tick one day at least" in answer.text
    assert shifts_of(furnished.business, mara) == WHOLE_WEEK


def test_several_shifts_a_day_stay(browser, furnished, by):
    mara = everybody(furnished.business)["Mara"]
    two = [(1, 540, 720), (1, 780, 1080)]
    with tenant_context(furnished.business):
        team.set_weekly_plan(member=mara, shifts=two, by=by, now=timezone.now())
    page = browser.get("/onboarding/availability/").text

    browser.post("/onboarding/availability/", week(str(mara.pk), [1, 2]))

    assert f"/admin/bookings/teammember/{mara.pk}/change/" in page
    assert shifts_of(furnished.business, mara) == [*two, (2, 540, 1080)]


def test_the_same_as_opening_hours_with_all_their_shifts(browser, furnished, by):
    mara = everybody(furnished.business)["Mara"]
    two = [(3, 540, 720), (3, 780, 1080)]
    with tenant_context(furnished.business):
        team.set_opening_hours(shifts=two, by=by, now=timezone.now())
    data = week(str(mara.pk), [1])

    page = browser.post("/onboarding/availability/", data | {"same": str(mara.pk)}).text
    assert shifts_of(furnished.business, mara) == WHOLE_WEEK

    assert f'name="{mara.pk}-basis" value="opening"' in page
    browser.post("/onboarding/availability/", week(str(mara.pk), [3], **{f"{mara.pk}-basis": "opening"}))
    assert shifts_of(furnished.business, mara) == two


def test_a_service_is_done_at_other_hours(browser, furnished):
    mara = everybody(furnished.business)["Mara"]
    with tenant_context(furnished.business):
        colour = mara.services.get(name="Colour")
    other = week(f"{mara.pk}-other", [5]) | {f"{mara.pk}-other-service": str(colour.pk)}

    browser.post("/onboarding/availability/", other | week(str(mara.pk), [1, 2]))

    assert shifts_of(furnished.business, mara, colour) == [(5, 540, 1080)]
    assert shifts_of(furnished.business, mara) == [(1, 540, 1080), (2, 540, 1080)]
    assert "Other hours for Colour" in browser.get("/onboarding/availability/").text

    browser.post("/onboarding/availability/", week(str(mara.pk), [1, 2]))
    assert shifts_of(furnished.business, mara, colour) == [(5, 540, 1080)]  # was not on that form

    gone = {f"{mara.pk}-{colour.pk}-here": "1"}
    browser.post("/onboarding/availability/", week(str(mara.pk), [1, 2]) | gone)
    assert shifts_of(furnished.business, mara, colour) == []


def test_of_many_people_one_is_shown_and_the_others_get_the_same(browser, opened, by):
    people = [added(opened.business, by, f"Person {letter}") for letter in "ABCD"]
    page = browser.get("/onboarding/availability/").text
    assert page.count('name="people"') == 1
    assert "the 3 others who have none yet" in page

    answer = browser.post("/onboarding/availability/", week(str(people[0].pk), [1], others="1"))

    assert answer["Location"].startswith("/onboarding/notifications/")
    assert [shifts_of(opened.business, each) for each in people] == [[(1, 540, 1080)]] * 4


def test_of_many_people_the_next_without_hours_follows(browser, opened, by):
    people = [added(opened.business, by, f"Person {letter}") for letter in "ABCD"]

    for here, following in pairwise(people):
        answer = browser.post("/onboarding/availability/", week(str(here.pk), [1]))
        assert answer["Location"].endswith(f"&person={following.pk}")
    answer = browser.post("/onboarding/availability/", week(str(people[-1].pk), [1]))

    assert answer["Location"] == f"/onboarding/notifications/?salon={opened.pk}"


def test_a_service_nobody_could_ever_perform_is_said_once_and_not_refused(browser, furnished, by):
    business, mara = furnished.business, everybody(furnished.business)["Mara"]
    with tenant_context(business):
        fields = {"name": "Bridal day", "duration_min": 480, "price_cents": 90000}
        catalogue.create_service(business=business, fields=fields, by=by, now=timezone.now())
    short = week(str(mara.pk), [1], "09:00", "12:00")

    answer = browser.post("/onboarding/availability/", short)

    assert answer["Location"] == f"/onboarding/availability/?salon={furnished.pk}&saved=1"
    assert "“Bridal day”" in browser.get("/onboarding/availability/").text
    again = browser.post("/onboarding/availability/", short)
    assert again["Location"] == f"/onboarding/notifications/?salon={furnished.pk}"


def test_without_a_team_the_page_leads_to_it(browser, opened):
    assert "Nobody can be booked yet." in browser.get("/onboarding/availability/").text
    assert "Nobody can be booked yet." in browser.post("/onboarding/availability/", {"people": str(uuid4())}).text
    assert 7 not in queries.progress_of(opened.business).completed_steps


# A salon that is open --------------------------------------------------------------------------------


def test_in_an_open_salon_the_pages_are_its_settings(client_for, owner, rosa):
    with tenant_context(rosa):
        ines = make_member("Ines")
    browser = client_for(None, owner)
    at = {"salon": str(rosa.pk)}

    team_page = browser.post("/onboarding/team/", rows(row_of(ines, title="Colourist"), **at))
    hours_page = browser.post("/onboarding/availability/", week(str(ines.pk), [1], **at))

    assert team_page["Location"] == f"/onboarding/team/?salon={rosa.pk}&saved=1"
    assert hours_page["Location"] == f"/onboarding/availability/?salon={rosa.pk}&saved=1"
    assert "Saved." in browser.get(hours_page["Location"]).text
    assert shifts_of(rosa, ines) == [(1, 540, 1080)]


def test_visits_that_lose_their_person_or_their_time_are_counted(client_for, owner, rosa):
    coming = timezone.now().astimezone(rosa.zone).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(
        days=3
    )
    with tenant_context(rosa):
        cut = make_service()
        ines, tom = make_member("Ines", performs=[cut]), make_member("Tom")
        make_booking(rosa, cut, coming)
    browser = client_for(None, owner)
    at = {"salon": str(rosa.pk)}

    keep(browser, "/onboarding/availability/", week(str(ines.pk), range(1, 8), "13:00", **at))
    assert "One coming visit is outside the new hours." in browser.get("/onboarding/availability/", at).text

    keep(browser, "/onboarding/team/", rows(row_of(ines, remove="on"), row_of(tom), **at))
    assert "One coming visit needs somebody else than Ines" in browser.get("/onboarding/team/", at).text
    with tenant_context(rosa):
        assert not TeamMember.objects.get(pk=ines.pk).is_active


# Looked at before it is kept -----------------------------------------------------------------------


@pytest.fixture
def live(rosa, owner, client_for):
    """Rosa's settings with Ines, Tom and a visit with Ines at ten: (browser, ines, tom, visit)."""
    coming = timezone.now().astimezone(rosa.zone).replace(hour=10, minute=0, second=0, microsecond=0)
    with tenant_context(rosa):
        cut = make_service()
        ines, tom = make_member("Ines", performs=[cut]), make_member("Tom")
        visit = make_booking(rosa, cut, coming + timedelta(days=3))
    return client_for(None, owner), ines, tom, visit


def keep(browser, path, data):
    """Save, and once more on the page that shows what would be different."""
    shown = browser.post(path, data)
    assert (shown.status_code, shown.templates[0].name) == (200, "onboarding/looked_at.html")
    return browser.post(path, pressed(shown))


def pressed(shown, **button):
    sent = dict(shown.context["kept"])
    return sent | (button or {"seen": shown.context["token"]})


def everything(business):
    with tenant_context(business):
        tables = (TeamMember, TeamMemberAvailability, Service, AuditEntry)
        return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("what", ["availability", "team"])
def test_a_live_salons_answer_is_shown_before_it_is_kept(rosa, live, what):
    browser, ines, tom, visit = live
    data = {
        "availability": week(str(ines.pk), range(1, 8), "13:00", salon=str(rosa.pk)),
        "team": rows(row_of(ines, is_active=""), row_of(tom), salon=str(rosa.pk)),
    }[what]
    before, path = everything(rosa), f"/onboarding/{what}/"

    shown = browser.post(path, data)

    assert (shown.status_code, everything(rosa)) == (200, before)
    assert [row["visit"].pk for row in shown.context["visits"]] == [visit.pk]
    assert shown.context["visits"][0]["url"] == f"{rosa.url}/dashboard/visits/{visit.pk}/"
    assert shown.context["gone"] > 0
    again = browser.post(path, pressed(shown, again="1"))
    assert (again.status_code, again.templates[0].name, everything(rosa)) == (200, f"onboarding/{what}.html", before)
    assert browser.post(path, pressed(shown)).status_code == 302
    assert everything(rosa) != before


def test_a_visit_booked_meanwhile_is_shown_before_an_answer_is_kept(rosa, live):
    browser, ines, _, visit = live
    path = "/onboarding/availability/"
    shown = browser.post(path, week(str(ines.pk), range(1, 8), "13:00", salon=str(rosa.pk)))
    with tenant_context(rosa):
        service = visit.items.get().service
        other = make_booking(rosa, service, visit.start_at + timedelta(hours=1), browser_key="other")
    before = everything(rosa)

    stale = browser.post(path, pressed(shown))

    assert (stale.status_code, everything(rosa)) == (200, before)
    assert [row["visit"].pk for row in stale.context["visits"]] == [visit.pk, other.pk]
    assert stale.context["stale"] == "Something has changed since. This is what saving would do now."
    assert browser.post(path, pressed(stale)).status_code == 302


def test_a_services_new_length_is_shown_before_it_is_kept(rosa, live):
    browser, *_, visit = live
    with tenant_context(rosa):
        cut = Service.objects.get()
        people = [str(pk) for pk in cut.assignments.values_list("team_member_id", flat=True)]
    path = f"/onboarding/services/{cut.pk}/"
    data = {"name": "Cut", "category": "", "duration_min": "180", "price_cents": "50", "active": "on"}

    shown = browser.post(path, data | {"people": people, "salon": str(rosa.pk)})

    assert (shown.context["visits"], shown.context["gone"] > 0) == ([], True)
    assert browser.post(path, pressed(shown)).status_code == 302
    with tenant_context(rosa):
        assert Service.objects.get().duration_min == 180
        visit.refresh_from_db()
        assert visit.end_at - visit.start_at == timedelta(minutes=60)
