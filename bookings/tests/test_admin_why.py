"""“Why not?”: a start is either bookable, or the page says what stands in the way and where."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.models import Booking, Closure, GroupSession, Resource, TimeBlock
from bookings.services import Details, open_session
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, visit
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
BOOKINGS = "/admin/bookings/booking/"
WHY = f"{BOOKINGS}why/"
OTTO = Details("Otto Ohm", "otto@example.com", "")


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


def question(salon, *wanted, clock="10:00", days=7, **more):
    day = at(salon, clock, days=days).astimezone(salon.zone).date()
    rows = {"wanted-TOTAL_FORMS": len(wanted), "wanted-INITIAL_FORMS": 0, "party_size": 1}
    for number, each in enumerate(wanted):
        service, person = each if isinstance(each, tuple) else (each, None)
        rows |= {f"wanted-{number}-service": service.pk, f"wanted-{number}-team_member": person.pk if person else ""}
    return rows | {"date": day.isoformat(), "time": clock} | more


def told(answer):
    """The page's reasons: general sentences, and {service: {person: [(sentence, label)]}}."""
    why = answer.context["why"]
    return [line.text for line in why.general], {
        service: {person: [(line.text, line.label) for line in lines] for person, lines in people}
        for service, people in why.services
    }


def test_a_free_time_leads_to_the_form_filled_in(salon, cut, ann, desk):
    client = desk()
    answer = client.get(WHY, question(salon, (cut, ann), clock="10:15"))

    form = client.get(answer.context["book_url"]).context["form"]

    assert answer.context["bookable"] is True
    [first, *_] = form.rows
    assert (first["service"].value(), first["team_member"].value()) == (str(cut.pk), str(ann.pk))
    assert (form["date"].value(), form["time"].value()) == (
        at(salon).astimezone(salon.zone).date().isoformat(),
        "10:15",
    )


def test_each_person_has_their_own_reason_with_its_cause(salon, cut, ann, desk):
    make_member("Bea", performs=[cut], works=(12 * 60, 17 * 60))
    cleo = make_member("Cleo", performs=[cut])
    booked = make_booking(salon, visit((cut, ann)), at(salon), details=OTTO)
    TimeBlock.objects.create(
        team_member=cleo, starts_at=at(salon, "09:00"), ends_at=at(salon, "11:00"), reason="Dentist"
    )

    answer = desk().get(WHY, question(salon, cut))

    assert told(answer) == (
        [],
        {
            "Cut": {
                "Ann": [("There is a booking.", booked.ref)],
                "Bea": [("Bea does not work at this time.", "")],
                "Cleo": [("This time is blocked.", "Dentist")],
            }
        },
    )
    assert f'href="{BOOKINGS}{booked.pk}/change/"' in answer.text
    assert f'href="/admin/bookings/teammember/{cleo.pk}/change/"' in answer.text


def test_what_holds_for_everybody_is_said_once(salon, cut, ann, desk):
    make_member("Bea", performs=[cut])
    day = at(salon).astimezone(salon.zone).date()
    Closure.objects.create(start_date=day, end_date=day)

    answer = desk().get(WHY, question(salon, cut))

    assert told(answer) == (["The business is closed that day."], {"Cut": {"Ann": [], "Bea": []}})


def test_the_three_nearest_free_times_are_offered_filled_in(salon, cut, ann, desk):
    make_booking(salon, cut, at(salon), details=OTTO)
    client = desk()

    nearest = client.get(WHY, question(salon, cut)).context["nearest"]

    assert [text.rpartition(" ")[2] for text, _ in nearest] == ["09:00", "11:00", "11:15"]
    assert [client.get(url).context["form"]["time"].value() for _, url in nearest] == ["09:00", "11:00", "11:15"]


def test_every_service_of_a_chain_is_explained(salon, cut, ann, desk):
    colour = make_service("Colour")
    bea = make_member("Bea", performs=[colour])
    booked = make_booking(salon, visit((colour, bea)), at(salon, "11:00"), details=OTTO)

    services = told(desk().get(WHY, question(salon, cut, colour)))[1]

    assert services["Colour"] == {"Bea": [("There is a booking.", booked.ref)]}
    assert services["Cut"] == {"Ann": []}


def test_a_part_that_starts_later_than_asked_alone_names_whom_it_keeps(salon, cut, ann, desk):
    colour = make_service("Colour")
    make_member("Bea", performs=[colour], works=(9 * 60, 11 * 60 + 30))
    cleo = make_member("Cleo", performs=[cut])
    cleo.assignments.update(duration_min=30)
    TimeBlock.objects.create(team_member=cleo, starts_at=at(salon, "09:00"), ends_at=at(salon, "11:00"))

    general, services = told(desk().get(WHY, question(salon, cut, colour)))

    assert general == ["Colour with Bea: The visit lasts 60 minutes and would run past the end."]
    assert services["Colour"] == {"Bea": []}


def test_a_room_that_is_shut_leads_to_the_rooms(salon, cut, ann, desk):
    room = Resource.objects.create(name="Blue room")
    cut.resources.add(room)
    TimeBlock.objects.create(
        resource=room, starts_at=at(salon, "09:00"), ends_at=at(salon, "12:00"), reason="New floor"
    )

    answer = desk().get(WHY, question(salon, cut))

    assert told(answer)[1] == {"Cut": {"Ann": [("Blue room is blocked at this time.", "New floor")]}}
    assert 'href="/admin/bookings/resource/">New floor</a>' in answer.text


def test_a_held_time_has_no_page_to_lead_to(salon, cut, ann, desk):
    hold(salon, cut, at(salon))

    answer = desk().get(WHY, question(salon, cut))

    assert told(answer)[1] == {"Cut": {"Ann": [("There is a booking. Somebody is booking it online right now.", "")]}}


def test_a_class_in_the_way_leads_to_its_page(salon, cut, ann, desk):
    yoga = make_service("Yoga", shared_session=True, allow_group_booking=True, max_group_size=5)
    ann.services.add(yoga)
    open_session(business=salon, service=yoga, team_member=ann, start=at(salon), by=SYSTEM, now=timezone.now())

    answer = desk().get(WHY, question(salon, cut))

    assert told(answer)[1] == {"Cut": {"Ann": [("There is a booking.", "class")]}}
    assert f'href="/admin/bookings/groupsession/{GroupSession.objects.get().pk}/change/"' in answer.text


def test_a_visit_that_would_move_does_not_stand_in_its_own_way(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    client = desk()

    opened = client.get(f"{BOOKINGS}{booking.pk}/why-not/")
    there = client.get(WHY, question(salon, cut, clock="10:30", moving=booking.ref))
    form = client.get(there.context["book_url"]).context["form"]

    assert opened["Location"].startswith(f"{WHY}?")
    assert f"moving={booking.ref}" in opened["Location"]
    assert client.get(opened["Location"]).context["bookable"] is True
    assert (there.context["bookable"], form["time"].value()) == (True, "10:30")
    assert there.context["book_url"].startswith(f"{BOOKINGS}{booking.pk}/reschedule/?")


def test_the_form_for_a_booking_hands_over_what_was_chosen_and_no_customer(salon, cut, ann, desk):
    client = desk()
    typed = question(salon, (cut, ann), clock="11:00", why="1", name="Anna Berg", phone="(212) 555-0187")

    answer = client.post(f"{BOOKINGS}add/", typed)

    assert answer["Location"].startswith(f"{WHY}?")
    assert "Anna" not in answer["Location"]
    assert client.get(answer["Location"]).context["bookable"] is True
    assert Booking.objects.count() == 0


def test_a_question_without_a_service_is_not_answered(salon, cut, ann, desk):
    answer = desk().get(WHY, {"date": "2030-01-01", "time": "10:00"})

    assert (answer.status_code, "bookable" in answer.context) == (200, False)


def test_what_cannot_be_one_visit_is_refused_whatever_the_time(salon, cut, ann, desk):
    yoga = make_service("Yoga", shared_session=True, allow_group_booking=True, max_group_size=5)
    ann.services.add(yoga)
    client = desk()

    chain = client.get(WHY, question(salon, cut, yoga))
    crowd = client.get(WHY, question(salon, yoga, party_size=6))

    assert chain.context["refused"] == "A class is booked on its own."
    assert crowd.context["refused"] == "This can be booked for at most 5 people at once."


@pytest.mark.parametrize("days", [-2, 4000])
def test_days_beyond_the_diary_have_a_reason_too(salon, cut, ann, desk, days):
    day = date.today() + timedelta(days=days)

    answer = desk().get(WHY, question(salon, cut) | {"date": day.isoformat()})

    assert answer.context["bookable"] is False
    assert told(answer)[0] or told(answer)[1]["Cut"]["Ann"]


def test_viewers_read_the_reasons_and_book_nothing(salon, cut, ann, desk):
    client = desk("viewer")

    free = client.get(WHY, question(salon, cut))
    make_booking(salon, cut, at(salon), details=OTTO)
    taken = client.get(WHY, question(salon, cut))

    assert (free.context["bookable"], free.context["book_url"]) == (True, "")
    assert (taken.context["bookable"], {url for _, url in taken.context["nearest"]}) == (False, {""})
    assert f"{BOOKINGS}add/?" not in free.text + taken.text


def test_another_salons_services_and_visits_are_unknown(salon, nora, cut, ann, client_for, member):
    booking = make_booking(salon, cut, at(salon))
    client = client_for(nora, member("owner", nora))

    answer = client.get(WHY, question(salon, cut, moving=booking.ref))

    assert (answer.context["moving"], "bookable" in answer.context) == (None, False)
    assert client.get(f"{BOOKINGS}{booking.pk}/why-not/").status_code == 404
