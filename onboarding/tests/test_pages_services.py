"""Step 6 as pages: a starter's services by one press, rows that keep what was typed, edit and remove."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Service, ServiceCategory, ServiceTeamAssignment
from bookings.tests.factories import at, make_booking, make_member
from onboarding import queries, services
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PAGE = "/onboarding/services/"


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


@pytest.fixture
def inside(opened):
    """In the new salon's schema; Mara works there."""
    with tenant_context(opened.business):
        make_member("Mara")
        yield opened


def rows(*offers, **more):
    """What the form sends: (category, name, minutes, price) each; with `take`, as rows of the starter."""
    ticks = more.pop("take", None)
    sent = {"rows-TOTAL_FORMS": len(offers), "rows-INITIAL_FORMS": 0} | more
    for place, offer in enumerate(offers):
        names = ("category", "name", "duration_min", "price_cents")
        sent |= {f"rows-{place}-{name}": value for name, value in zip(names, offer, strict=True)}
        if ticks is not None:
            sent[f"rows-{place}-offered"] = "True"
            sent |= {f"rows-{place}-take": "on"} if ticks[place] else {}
    return sent


def menu():
    found = Service.objects.filter(deleted_at=None).order_by("sort_order")
    return [(each.category and each.category.name, each.name, each.duration_min, each.price_cents) for each in found]


def add(progress, by, *offers):
    made = [
        {"category": category, "name": name, "duration_min": minutes, "price_cents": cents}
        for category, name, minutes, cents in offers
    ]
    return services.save_services(progress=progress, rows=made, by=by, now=timezone.now())


CUT, TRIM = ("Cuts", "Cut and finish", "45", "65.00"), ("Cuts", "Trim", "30", "40.00")
COLOUR = ("Colour", "Root colour", "1h30", "$95")


def test_an_empty_menu_offers_the_starters_services_ticked(browser, inside):
    page = browser.get(PAGE).text

    assert page.count("checked") == 5
    for value in ("Cut and finish", "65.00", "Root colour", "90"):
        assert f'value="{value}"' in page
    assert menu() == []


def test_prices_of_the_starter_are_in_the_salons_currency(browser, inside):
    Business.objects.filter(pk=inside.pk).update(currency_code="JPY")

    page = browser.get(PAGE).text

    assert "Price in JPY" in page
    assert 'value="6500"' in page


def test_one_press_saves_what_is_ticked_and_everybody_performs_it(browser, inside):
    answer = browser.post(PAGE, rows(CUT, TRIM, COLOUR, take=(True, False, True)))

    assert answer["Location"] == f"/onboarding/availability/?salon={inside.pk}"
    assert menu() == [("Cuts", "Cut and finish", 45, 6500), ("Colour", "Root colour", 90, 9500)]
    assert [each.name for each in ServiceCategory.objects.order_by("sort_order")] == ["Cuts", "Colour"]
    assert ServiceTeamAssignment.objects.count() == 2
    assert queries.progress_of(inside.business).completed_steps == [1, 2, 6]
    assert AuditEntry.objects.filter(action="service.added").count() == 2


def test_the_same_press_twice_makes_nothing_twice(browser, inside):
    for _ in range(2):
        assert browser.post(PAGE, rows(CUT, COLOUR, take=(True, True))).status_code == 302

    assert [row[1] for row in menu()] == ["Cut and finish", "Root colour"]


def test_a_row_of_ones_own_is_added_and_an_empty_one_is_not(browser, inside):
    browser.post(PAGE, rows(CUT, ("", "Consultation", "15", "0"), ("Cuts", "", "", ""), stay="1"))

    assert menu() == [("Cuts", "Cut and finish", 45, 6500), (None, "Consultation", 15, 0)]


def test_mistakes_stand_at_their_row_and_nothing_is_written(browser, inside):
    wrong = rows(CUT, ("Cuts", "Trim", "3", "-1"), ("New", "", "45", "65.005,1"), take=(True, True, True))

    page = browser.post(PAGE, wrong).text

    assert '<a href="#id_rows-1-duration_min">Trim, minutes: A service takes 5 minutes at least' in page
    assert '<a href="#id_rows-1-price_cents">' in page
    assert '<a href="#id_rows-2-name">Row 3, service: Please write this: service.</a>' in page
    assert 'value="Cut and finish"' in page
    assert page.count("checked") == 3
    assert menu() == []
    assert not ServiceCategory.objects.exists()
    assert queries.progress_of(inside.business).completed_steps == [1, 2]


def test_a_row_that_is_not_ticked_may_say_anything(browser, inside):
    browser.post(PAGE, rows(CUT, ("Cuts", "Trim", "soon", "?"), take=(True, False)))

    assert [row[1] for row in menu()] == ["Cut and finish"]


def test_what_the_menu_refuses_stands_at_its_row_too(browser, inside, by):
    add(inside, by, ("Cuts", "Trim", 30, 4000))

    page = browser.post(PAGE, rows(("", "Beard", "20", "20"), ("cuts", " trim ", "45", "55"))).text

    assert '<a href="#id_rows-1-name"> trim , service: There is “trim” under “Cuts” already.</a>' in page
    assert menu() == [("Cuts", "Trim", 30, 4000)]


def test_without_scripts_the_page_comes_back_with_one_row_more(browser, inside):
    page = browser.post(PAGE, rows(("Cuts", "Trim", "soon", ""), add="1")).text

    assert 'name="rows-TOTAL_FORMS" value="2"' in page
    assert 'id="id_rows-1-name"' in page
    assert 'value="soon"' in page
    assert "is not a length" not in page
    assert menu() == []


@pytest.mark.parametrize(
    "sent", [{}, {"rows-TOTAL_FORMS": "x"}, {"rows-TOTAL_FORMS": "999", "rows-INITIAL_FORMS": "0"}]
)
def test_a_form_that_was_tampered_with_is_refused(browser, inside, sent):
    assert browser.post(PAGE, {"salon": inside.pk} | sent).status_code == 200
    assert menu() == []


def test_at_least_one_service_is_needed(browser, inside):
    page = browser.post(PAGE, rows(CUT, TRIM, take=(False, False))).text

    assert "Add at least one service" in page
    assert queries.progress_of(inside.business).completed_steps == [1, 2]


def test_with_services_there_an_empty_press_goes_on(browser, inside, by):
    add(inside, by, ("Cuts", "Trim", 30, 4000))

    assert browser.post(PAGE, rows(("", "", "", "")))["Location"].startswith("/onboarding/availability/")


def test_the_page_lists_what_is_there(browser, inside, by, django_assert_num_queries):
    add(inside, by, ("Cuts", "Trim", 30, 4000), ("", "Consultation", 90, 0))
    Service.objects.filter(name="Trim").update(active=False)
    ServiceTeamAssignment.objects.filter(service__name="Consultation").delete()

    page = browser.get(PAGE).text

    for text in ("30 min · $40.00", "Not on the booking page", "Without a category", "Nobody performs it yet"):
        assert text in page
    assert "checked" not in page
    for number in (1, 4):
        add(inside, by, *(("More", f"Service {number}-{place}", 30, 4000) for place in range(number)))
        with django_assert_num_queries(7):
            browser.get(PAGE)


def test_a_live_salon_is_offered_save_and_stays(browser, inside, by):
    add(inside, by, ("Cuts", "Trim", 30, 4000))
    inside.live_at = timezone.now()
    inside.save()

    answer = browser.post(PAGE, rows(CUT, salon=inside.pk))

    assert answer["Location"] == f"{PAGE}?salon={inside.pk}&saved=1"


# One service ---------------------------------------------------------------------------------------


@pytest.fixture
def trim(inside, by):
    add(inside, by, ("Cuts", "Trim", 30, 4000))
    return Service.objects.get()


def edited(**changes):
    return {"name": "Trim", "category": "Cuts", "duration_min": "30", "price_cents": "40", "active": "on"} | changes


def test_a_service_is_changed(browser, trim, inside):
    ann = make_member("Ann")
    page = browser.get(f"{PAGE}{trim.pk}/").text
    assert f"{inside.business.url}/admin/bookings/service/{trim.pk}/change/" in page
    changes = {
        "name": "Dry trim",
        "category": "Short",
        "duration_min": "0:45",
        "price_cents": "42,50",
        "people": [ann.pk],
    }

    answer = browser.post(f"{PAGE}{trim.pk}/", edited(**changes, description="Without washing."))

    assert answer["Location"] == f"{PAGE}?salon={inside.pk}&saved=1"
    assert menu() == [("Short", "Dry trim", 45, 4250)]
    trim.refresh_from_db()
    assert trim.description == "Without washing."
    assert [own.team_member for own in trim.assignments.all()] == [ann]


def test_ones_own_price_and_who_is_away_stay(browser, trim):
    own = trim.assignments.get()
    own.price_cents = 5500
    own.save()
    away = make_member("Away", is_active=False)
    ServiceTeamAssignment.objects.create(service=trim, team_member=away)
    ann = make_member("Ann")

    browser.post(f"{PAGE}{trim.pk}/", edited(people=[own.team_member_id, ann.pk]))

    found = trim.assignments.values_list("team_member__first_name", "price_cents")
    assert sorted(found) == [("Ann", None), ("Away", None), ("Mara", 5500)]


def test_nobody_performs_it_when_nobody_is_ticked(browser, trim):
    browser.post(f"{PAGE}{trim.pk}/", edited())

    assert not trim.assignments.exists()


def test_a_service_taken_off_the_page_keeps_its_place(browser, trim):
    browser.post(f"{PAGE}{trim.pk}/", {name: value for name, value in edited().items() if name != "active"})

    trim.refresh_from_db()
    assert (trim.active, trim.category.name) == (False, "Cuts")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Please write this: service."),
        ({"duration_min": "2"}, "5 minutes at least"),
        ({"price_cents": "€4"}, "not in USD"),
        ({"name": "Cut"}, "There is “Cut” under “Cuts” already."),
        ({"people": ["00000000-0000-0000-0000-000000000000"]}, "Select a valid choice"),
    ],
)
def test_a_wrong_change_is_refused_and_the_rest_kept(browser, trim, inside, by, change, sentence):
    add(inside, by, ("Cuts", "Cut", 45, 6500))

    page = browser.post(f"{PAGE}{trim.pk}/", edited(description="Kept") | change).text

    assert sentence in page
    assert "Kept" in page
    assert menu()[0] == ("Cuts", "Trim", 30, 4000)


def test_two_of_one_name_may_be_changed_one_by_one(browser, trim):
    twin = Service.objects.create(name="Trim", category=trim.category, duration_min=60, price_cents=1)

    assert browser.post(f"{PAGE}{twin.pk}/", edited(price_cents="70")).status_code == 302
    assert Service.objects.get(pk=twin.pk).price_cents == 7000


def test_removing_asks_first(browser, trim):
    assert "Remove Trim?" in browser.get(f"{PAGE}{trim.pk}/remove/").text
    assert menu() != []

    browser.post(f"{PAGE}{trim.pk}/remove/")

    assert menu() == []
    assert browser.post(f"{PAGE}{trim.pk}/remove/").status_code == 404


def test_a_booked_service_leaves_the_menu_and_its_visit_stays(browser, trim, inside):
    business = inside.business
    booking = make_booking(business, trim, at(business))

    browser.post(f"{PAGE}{trim.pk}/remove/")

    assert menu() == []
    booking.refresh_from_db()
    assert booking.status == "confirmed"


# Categories ----------------------------------------------------------------------------------------


def test_a_category_is_made_changed_and_removed(browser, trim):
    browser.post(f"{PAGE}categories/new/", {"name": "Nails", "color": "#b0476b"})
    nails = ServiceCategory.objects.get(name="Nails")
    assert nails.color == "#b0476b"

    browser.post(f"{PAGE}categories/{trim.category_id}/", {"name": "Short hair", "color": "#2f6690"})
    assert menu() == [("Short hair", "Trim", 30, 4000)]

    assert "Its services stay" in browser.get(f"{PAGE}categories/{trim.category_id}/remove/").text
    browser.post(f"{PAGE}categories/{trim.category_id}/remove/")
    assert menu() == [(None, "Trim", 30, 4000)]


def test_a_category_has_a_name_of_its_own(browser, trim):
    page = browser.post(f"{PAGE}categories/new/", {"name": "Cuts", "color": "#b0476b"}).text

    assert "There is a category of this name already." in page
    assert ServiceCategory.objects.count() == 1


# Whose it is ---------------------------------------------------------------------------------------


def test_another_salons_services_do_not_exist_here(browser, trim, rosa):
    with tenant_context(rosa):
        foreign = Service.objects.create(name="Rosa's", duration_min=30, price_cents=1)
        heading = ServiceCategory.objects.create(name="Rosa's")

    for path in (
        f"{foreign.pk}/",
        f"{foreign.pk}/remove/",
        f"categories/{heading.pk}/",
        f"categories/{heading.pk}/remove/",
    ):
        assert browser.get(PAGE + path).status_code == 404
        assert browser.post(PAGE + path, edited()).status_code == 404

    with tenant_context(rosa):
        assert Service.objects.get(pk=foreign.pk).name == "Rosa's"


def test_somebody_elses_salon_does_not_exist(client_for, trim, owner, inside):
    stranger = client_for(None, owner)

    for path in ("", f"{trim.pk}/", f"{trim.pk}/remove/", "import/", "categories/new/"):
        assert stranger.get(f"{PAGE}{path}?salon={inside.pk}").status_code == 404
        assert stranger.post(PAGE + path, edited() | {"salon": inside.pk}).status_code == 404
    assert menu() == [("Cuts", "Trim", 30, 4000)]
