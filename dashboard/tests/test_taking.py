"""Visits that staff write down: by phone, at the desk, for who has just come in."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from bookings.models import Booking, Customer, Source, Status
from bookings.tests.factories import at, make_booking, make_customer, make_member
from dashboard.tests.pages import page, said, url
from payments.models import Payment
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


def form(service, start, salon, **typed):
    wall = start.astimezone(salon.zone)
    return {
        "key": str(uuid4()),
        "wanted-TOTAL_FORMS": 1,
        "wanted-INITIAL_FORMS": 0,
        "wanted-0-service": str(service.pk),
        "party_size": 1,
        "date": wall.date().isoformat(),
        "time": f"{wall:%H:%M}",
        "name": "Cleo Dee",
        "phone": "(212) 555-0166",
    } | typed


# A new visit ---------------------------------------------------------------------------------------


def test_a_visit_is_written_down_once(salon, cut, ann, desk):
    client, sent = desk(), form(cut, at(salon), salon, email="Cleo@example.com", note="Allergic to nuts")

    answers = [client.post(url("visit-new"), sent) for _ in range(2)]

    booking = Booking.objects.get()
    assert {answer["Location"] for answer in answers} == {page(booking)}
    assert (booking.status, booking.source, booking.card_required) == (Status.CONFIRMED, Source.STAFF, False)
    assert (booking.contact_name, booking.contact_email) == ("Cleo Dee", "cleo@example.com")
    assert booking.special_requests == "Allergic to nuts"
    assert Payment.objects.get().method == "cash"


@pytest.mark.parametrize("press", ["times", "book"])
@pytest.mark.parametrize(
    "far", [{"date": "0001-01-01"}, {"date": "9999-12-31"}, {"pick": "9" * 30}, {"pick": "-1"}], ids=str
)
def test_what_lies_beyond_all_days_is_said_at_its_field(salon, cut, ann, desk, far, press):
    answer = desk().post(url("visit-new"), form(cut, at(salon), salon, **far) | {press: "1"})

    assert answer.status_code in (200, 422)
    assert not Booking.objects.exists()


def test_a_visit_for_somebody_else_is_shown_with_both_names(salon, cut, ann, desk):
    anna, client = make_customer(phone="+12125550187"), desk()
    sent = form(cut, at(salon), salon, customer=str(anna.pk), name="", phone="", for_name="Tom  Berg")

    client.post(url("visit-new"), sent)

    booking = Booking.objects.get()
    day = client.get(url("calendar", view="day", date=booking.local_date.isoformat()))
    assert (booking.customer, booking.contact_name, booking.for_name) == (anna, "Anna Berg", "Tom Berg")
    for answer in (day, client.get(url("visits"))):
        assert "Anna Berg, for Tom Berg" in answer.text
    assert "Tom Berg" in client.get(page(booking)).text
    assert "for Tom Berg" in client.get(url("customer", anna.pk)).text


def test_a_visit_is_booked_once_and_repeated_from_there(salon, cut, ann, desk):
    client, sent = desk(), form(cut, at(salon), salon) | {"repeat": "1"}

    answers = [client.post(url("visit-new"), sent) for _ in range(2)]

    booking = Booking.objects.get()
    assert {answer["Location"] for answer in answers} == {url("visit-repeat", booking.pk)}
    assert client.get(url("visit-repeat", booking.pk)).status_code == 200


def test_who_is_known_comes_as_the_salon_knows_them(salon, cut, ann, desk):
    anna = make_customer(phone="+12125550187")
    sent = form(cut, at(salon), salon, customer=str(anna.pk), name="", phone="")

    desk().post(url("visit-new"), sent)

    booking = Booking.objects.get()
    assert booking.customer == anna
    assert (booking.contact_name, booking.contact_email, str(booking.contact_phone)) == (
        "Anna Berg",
        "anna@example.com",
        "+12125550187",
    )
    assert Customer.objects.count() == 1


def test_who_is_known_without_an_address_is_not_written_twice(salon, cut, ann, desk):
    shy = make_customer("Shy Guest", email="")

    desk().post(url("visit-new"), form(cut, at(salon), salon, customer=str(shy.pk), name="", phone=""))

    assert Booking.objects.get().customer == shy


def test_another_salons_customer_is_nobody_here(salon, cut, ann, desk):
    sent = form(cut, at(salon), salon, customer=str(uuid4()), name="", phone="")

    answer = desk().post(url("visit-new"), sent)

    assert "This customer is not here any more." in answer.text
    assert Booking.objects.count() == 0


def test_the_address_fills_the_form_in(salon, cut, ann, desk):
    anna, start = make_customer(), at(salon)
    query = {
        "start": f"{start.astimezone(salon.zone):%Y-%m-%dT%H:%M}",
        "person": ann.pk,
        "service": cut.pk,
        "customer": anna.pk,
    }

    asked = desk().get(url("visit-new"), query).context["form"]

    [row] = asked.rows
    assert (asked["date"].value(), asked["time"].value()) == (f"{start.astimezone(salon.zone):%Y-%m-%d}", "10:00")
    assert (row["service"].value(), row["team_member"].value()) == (str(cut.pk), str(ann.pk))
    assert asked.known == anna


@pytest.mark.parametrize(
    "query",
    [
        {"start": "soon"},
        {"person": "x", "service": "y", "customer": "z"},
        {"start": "9"},
        {"start": "0001-01-01T00:00Z"},
    ],
)
def test_an_address_that_says_nothing_opens_an_empty_form(query, cut, ann, desk):
    assert desk().get(url("visit-new"), query).status_code == 200


def test_a_taken_time_says_why_and_offers_the_three_nearest(salon, cut, ann, desk):
    taken = make_booking(salon, cut, at(salon))
    client, sent = desk(), form(cut, at(salon), salon)

    refused = client.post(url("visit-new"), sent)
    seconds, label = refused.context["offers"][0]
    client.post(url("visit-new"), sent | {"pick": seconds})

    assert "That time has just been taken." in refused.text
    assert page(taken) in refused.text
    assert len(refused.context["offers"]) == 3
    assert refused.context["form"]["name"].value() == "Cleo Dee"
    booked = Booking.objects.exclude(pk=taken.pk).get()
    assert label.endswith(f"{booked.local_start:%H:%M}")


def test_a_visit_too_far_ahead_is_set_aside_knowingly(salon, cut, ann, desk):
    client, sent = desk(), form(cut, at(salon, days=salon.horizon_days + 3), salon)

    refused = client.post(url("visit-new"), sent)
    booked = client.post(url("visit-new"), sent | {"override": "on"})

    assert (refused.status_code, booked.status_code) == (200, 302)
    assert Booking.objects.get().overrides == ["horizon"]


def test_a_refused_press_may_be_pressed_again(salon, cut, ann, desk):
    """The customer has a visit then already: another time, with the same page."""
    anna = make_customer(phone="+12125550187")
    bob = make_member("Bob", performs=[cut])
    client = desk()
    first, sent = (form(cut, at(salon), salon, customer=str(anna.pk), name="", phone="") for _ in range(2))
    client.post(url("visit-new"), first | {"wanted-0-team_member": str(ann.pk)})
    sent["wanted-0-team_member"] = str(bob.pk)

    refused = client.post(url("visit-new"), sent)
    booked = client.post(url("visit-new"), sent | {"time": "14:00"})

    assert "You already have a visit at that time." in refused.text
    assert booked.status_code == 302
    assert Booking.objects.filter(status=Status.CONFIRMED).count() == 2


def test_customers_are_found_and_chosen_without_script(salon, cut, ann, desk):
    anna = make_customer(phone="+12125550187")
    client, sent = desk(), form(cut, at(salon), salon, name="", phone="")

    found = client.post(url("visit-new"), sent | {"find": "1", "who": "212 5550187"})
    chosen = client.post(url("visit-new"), sent | {"choose": str(anna.pk)})
    nobody = client.post(url("visit-new"), sent | {"find": "1", "who": "Zoe"})

    assert found.context["found"] == [anna]
    assert chosen.context["known"] == anna
    assert chosen.context["form"]["time"].value() == "10:00"
    assert "Nobody called “Zoe”" in nobody.text
    assert Booking.objects.count() == 0


def test_free_times_of_the_day_are_shown_and_taken_over(salon, cut, ann, desk):
    make_booking(salon, cut, at(salon, "10:00"))
    client, sent = desk(), form(cut, at(salon), salon, name="")

    shown = client.post(url("visit-new"), sent | {"times": "1"})
    taken_over = client.post(url("visit-new"), sent | {"at": "14:15"})

    labels = shown.context["times"]["labels"]
    assert (labels[0], "10:00" in labels, labels[-1]) == ("09:00", False, "16:00")
    assert taken_over.context["form"]["time"].value() == "14:15"


def test_where_nothing_is_free_the_next_day_is_one_press_away(salon, cut, ann, desk):
    client, sent = desk(), form(cut, at(salon), salon, name="") | {"date": "2001-01-01"}

    shown = client.post(url("visit-new"), sent | {"times": "1"})
    later = shown.context["times"]["next"]["date"]
    there = client.post(url("visit-new"), sent | {"day": later})

    assert f'name="day" value="{later}"' in shown.text
    assert there.context["form"]["date"].value() == later
    assert there.context["times"]["labels"]


def test_another_row_keeps_what_was_typed(salon, cut, ann, desk):
    asked = desk().post(url("visit-new"), form(cut, at(salon), salon, more="1")).context["form"]

    assert [row["service"].value() for row in asked.rows] == [str(cut.pk), None]
    assert asked["name"].value() == "Cleo Dee"


@pytest.mark.parametrize("name", ["visit-new", "walk-in"])
def test_who_may_only_look_writes_nothing_down(name, desk, other_salon, client_for, member, salon):
    client = desk("viewer")

    assert [client.get(url(name)).status_code, client.post(url(name), {}).status_code] == [403, 403]
    assert client_for(salon, member("owner", other_salon)).get(url(name)).status_code == 404
    assert client_for(salon).get(url(name)).status_code == 302


# Walk-in -------------------------------------------------------------------------------------------


@pytest.fixture
def all_day(salon, cut):
    """Dora works around the clock."""
    return make_member("Dora", performs=[cut], works=(0, 1440))


def chances(client, service):
    return client.get(url("walk-in"), {"service": service.pk}).context["chances"]


def walk(client, service, chance, **typed):
    return client.post(url("walk-in"), {"key": str(uuid4()), "service": service.pk, "press": chance.press} | typed)


def test_two_presses_bring_a_guest_in(salon, cut, all_day, desk):
    client = desk()
    [chance] = chances(client, cut)

    answer = walk(client, cut, chance)

    booking = Booking.objects.get()
    assert answer["Location"] == url("today")
    assert (booking.status, booking.contact_name, booking.team_member) == (Status.CHECKED_IN, "Walk-in", all_day)
    assert 0 <= (booking.start_at - timezone.now()).total_seconds() <= 15 * 60
    assert (booking.customer.display_name, booking.customer.email) == ("Walk-in", "")
    assert said(client) == [("success", "Walk-in is here: Cut with Dora.")]


def test_two_guests_without_a_name_are_two_people(salon, cut, all_day, desk):
    make_member("Eve", performs=[cut], works=(0, 1440))
    client = desk()

    for _ in range(2):
        walk(client, cut, chances(client, cut)[0])

    assert Customer.objects.filter(display_name="Walk-in").count() == 2
    assert Booking.objects.values("team_member").distinct().count() == 2


def test_one_walk_in_pressed_twice_is_one(salon, cut, all_day, desk):
    client, key = desk(), str(uuid4())
    [chance] = chances(client, cut)

    for _ in range(2):
        walk(client, cut, chance, key=key, name="Zoe")

    assert Booking.objects.get().contact_name == "Zoe"


def test_a_chance_somebody_else_took_is_refused_with_the_next(salon, cut, all_day, desk):
    client = desk()
    [chance] = chances(client, cut)
    walk(client, cut, chance)

    refused = walk(client, cut, chance, name="Zoe")

    assert "That time has just been taken." in refused.text
    assert [each.press for each in refused.context["chances"]] != [chance.press]
    assert Booking.objects.count() == 1


def test_nobody_is_free_any_more_says_so(salon, cut, desk):
    wall = timezone.now().astimezone(salon.zone)
    far = (wall.hour * 60 + wall.minute + 12 * 60) % (23 * 60)
    make_member("Twelve hours away", performs=[cut], works=(far, far + 60))

    assert chances(desk(), cut) == []


@pytest.mark.parametrize("press", ["", "x", f"{UUID(int=1)}@1", "nobody@99999999999999"])
def test_a_made_up_press_brings_nobody_in(press, salon, cut, all_day, desk):
    answer = desk().post(url("walk-in"), {"key": str(uuid4()), "service": cut.pk, "press": press})

    assert answer.status_code == 200
    assert Booking.objects.count() == 0
