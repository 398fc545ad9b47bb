"""Staff's own screens for visits of several services, for moves, and for taking a move back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import services, words
from bookings.models import Booking, TeamMember
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service, visit
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
BOOKINGS = "/admin/bookings/booking/"
ADD = f"{BOOKINGS}add/"
OTTO = Details("Otto Ohm", "otto@example.com", "")


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def colour(salon):
    return make_service("Colour", cents=9000)


@pytest.fixture
def bea(cut, colour):
    """Performs the cut and the colour; Ann only the cut."""
    return make_member("Bea", performs=[cut, colour])


def page(booking, name="change"):
    return f"{BOOKINGS}{booking.pk}/{name}/"


def press(client, path, **data):
    key = re.search(r'name="key" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, {"key": key} | data)


def said(client, path=BOOKINGS):
    return [str(message) for message in client.get(path).context["messages"]]


def wall(salon, clock="10:00", days=7):
    """The date and time fields of a wall time in the salon."""
    return {"date": at(salon, clock, days=days).astimezone(salon.zone).date().isoformat(), "time": clock}


def basket(*wanted, **more):
    """The form's rows: services, or (service, person) pairs."""
    rows = {"wanted-TOTAL_FORMS": len(wanted), "wanted-INITIAL_FORMS": 0, "party_size": 1}
    for number, each in enumerate(wanted):
        service, person = each if isinstance(each, tuple) else (each, None)
        rows[f"wanted-{number}-service"] = service.pk if service else ""
        rows[f"wanted-{number}-team_member"] = person.pk if person else ""
    return rows | more


def parts(booking):
    rows = booking.items.order_by("position").values_list("service__name", "team_member__first_name", "start_at")
    return [(service, person, f"{start.astimezone(booking.zone):%H:%M}") for service, person, start in rows]


# Adding ----------------------------------------------------------------------------------------


def test_several_services_are_booked_in_order_with_the_people_named(salon, cut, ann, colour, bea, desk):
    client = desk()

    press(client, ADD, name="Walk In", **basket((cut, ann), (colour, None), (cut, bea)), **wall(salon))

    booking = Booking.objects.get()
    assert parts(booking) == [("Cut", "Ann", "10:00"), ("Colour", "Bea", "11:00"), ("Cut", "Bea", "12:00")]
    assert (booking.service_name, booking.price_cents, booking.source) == ("Cut + Colour + Cut", 19000, "staff")
    when = words.when(booking.local_start)
    assert said(client) == [f"Booked: Walk In, {when} with Ann, Bea."]


def test_empty_rows_do_not_count(salon, cut, ann, desk):
    press(desk(), ADD, name="Walk In", **basket(None, cut, None), **wall(salon))

    assert parts(Booking.objects.get()) == [("Cut", "Ann", "10:00")]


def test_services_run_at_the_same_time_where_asked(salon, cut, ann, desk):
    nails, toes = (make_service(name, parallel_ok=True) for name in ("Nails", "Toes"))
    for name in ("Bea", "Cleo"):
        make_member(name, performs=[nails, toes])

    press(desk(), ADD, name="Walk In", **basket(nails, toes, together="on"), **wall(salon))

    assert [start for _, _, start in parts(Booking.objects.get())] == ["10:00", "10:00"]


def test_a_party_is_booked_where_the_service_allows_it(salon, ann, desk):
    party = make_service("Party", allow_group_booking=True, max_group_size=4)
    make_member("Bea", performs=[party])
    client = desk()

    press(client, ADD, name="Walk In", **basket(party, party_size=3), **wall(salon))
    refused = press(client, ADD, name="Walk In", **basket(party, party_size=5), **wall(salon, "14:00"))

    assert (Booking.objects.get().attendee_count, Booking.objects.get().price_cents) == (3, 15000)
    assert refused.context["form"].non_field_errors() == ["This can be booked for at most 4 people at once."]


def test_guests_are_asked_for_only_where_a_service_takes_several(salon, cut, ann, desk):
    client = desk()
    alone = client.get(ADD).context["form"]["party_size"].is_hidden
    make_member("Bea", performs=[make_service("Party", allow_group_booking=True, max_group_size=4)])

    assert (alone, client.get(ADD).context["form"]["party_size"].is_hidden) == (True, False)


@pytest.mark.parametrize(
    ("rows", "field", "found"),
    [
        (lambda cut, colour, ann: [None], "__all__", ["Choose a service."]),
        (lambda cut, colour, ann: [(colour, ann)], "team_member", ["Ann does not perform Colour."]),
        (lambda cut, colour, ann: [cut, (None, ann)], "service", ["Choose what this person does."]),
    ],
    ids=["nothing", "cannot", "no service"],
)
def test_a_basket_that_makes_no_sense_is_refused_with_a_sentence(
    salon, cut, ann, colour, bea, desk, rows, field, found
):
    answer = press(desk(), ADD, name="Walk In", **basket(*rows(cut, colour, ann)), **wall(salon))

    formset = answer.context["form"].rows
    errors = {"__all__": list(formset.non_form_errors())} | {
        name: list(texts) for row in formset for name, texts in row.errors.items()
    }
    assert (answer.status_code, errors[field], Booking.objects.count()) == (200, found, 0)


def test_another_row_is_added_without_a_script_and_nothing_typed_is_lost(salon, cut, ann, desk):
    client = desk()
    typed = basket(cut, None, None, more="1", name="Walk In", phone="(212", email="x@", **wall(salon, "11:15"))

    form = client.post(ADD, typed).context["form"]

    assert [row["service"].value() for row in form.rows] == [str(cut.pk), None, None, None]
    grown = client.post(ADD, typed | basket(cut, cut, cut, more="1")).context["form"]
    assert [row["service"].value() for row in grown.rows] == [str(cut.pk)] * 3 + [None]
    assert {name: form[name].value() for name in ("name", "phone", "email", "time")} == {
        "name": "Walk In",
        "phone": "(212",
        "email": "x@",
        "time": "11:15",
    }
    assert (form.errors, Booking.objects.count()) == ({}, 0)


def test_a_ninth_service_is_refused(salon, cut, ann, desk):
    client = desk()

    full = client.post(ADD, basket(*[cut] * 8, more="1", **wall(salon))).context["form"]
    answer = press(client, ADD, name="Walk In", **basket(*[cut] * 9), **wall(salon))

    assert (len(full.rows.forms), answer.status_code, Booking.objects.count()) == (8, 200, 0)


def test_a_start_off_the_grid_is_refused_with_its_reason(salon, cut, ann, desk):
    answer = press(desk(), ADD, name="Walk In", **basket(cut), **wall(salon, "10:07"))

    when = words.when(at(salon, "10:07").astimezone(salon.zone))
    assert answer.context["form"].non_field_errors() == [f"{when} cannot be booked."]
    assert "Visits start every 15 minutes from the start of the shift." in answer.text
    assert Booking.objects.count() == 0


def test_a_refused_chain_says_every_reason_and_offers_other_times(salon, cut, ann, colour, bea, desk):
    taken = make_booking(salon, visit((cut, bea)), at(salon, "11:00"), details=OTTO)
    client = desk()

    answer = press(client, ADD, name="Walk In", **basket(cut, colour), **wall(salon, "09:30"))
    picked = press(
        client, ADD, name="Walk In", **basket(cut, colour, pick=answer.context["offers"][0][0]), **wall(salon, "09:30")
    )

    assert taken.ref in answer.text
    assert [text.rpartition(" ")[2] for _, text in answer.context["offers"]] == ["09:00", "11:00", "11:15"]
    assert (picked.status_code, Booking.objects.exclude(pk=taken.pk).get().start_at) == (302, at(salon, "09:00"))


# Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_chains_cost_the_list_nothing_more(salon, cut, ann, colour, bea, desk, count):
    for number in range(count):
        guest = Details(f"Guest {number}", f"guest{number}@example.com", "")
        make_booking(salon, visit((cut, ann), (colour, bea)), at(salon, f"{10 + 2 * number}:00"), details=guest)
    client = desk()
    client.get(BOOKINGS)

    with CaptureQueriesContext(connection) as seen:
        text = client.get(BOOKINGS).text

    assert (len(seen), text.count("Ann, Bea")) == (10, count)


def test_the_filter_finds_whoever_does_a_part(salon, cut, ann, colour, bea, desk):
    chain = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))
    make_booking(salon, visit((cut, ann)), at(salon, "13:00"), details=OTTO)

    found = desk().get(BOOKINGS, {"person": str(bea.pk)}).context["cl"].result_list

    assert [booking.pk for booking in found] == [chain.pk]


def test_the_page_lists_the_parts(salon, cut, ann, colour, bea, desk):
    chain = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))

    shown = desk("viewer").get(page(chain)).context

    assert [(part["time"], str(part["item"]), str(part["price"])) for part in shown["parts"]] == [
        ("10:00–11:00", "Cut", "$50.00"),
        ("11:00–12:00", "Colour", "$90.00"),
    ]
    assert ("With", "Ann, Bea") in shown["visit"]


def test_today_names_everybody(salon, cut, ann, colour, bea, desk):
    chain = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))
    Booking.objects.filter(pk=chain.pk).update(local_date=timezone.now().astimezone(salon.zone).date())

    assert "Cut + Colour · Ann, Bea · $140.00" in desk().get("/admin/").text


# Moving ----------------------------------------------------------------------------------------


def test_a_move_says_who_comes_instead(salon, cut, ann, bea, desk):
    booking = make_booking(salon, visit((cut, ann)), at(salon))
    client = desk()

    answer = press(client, page(booking, "reschedule"), **wall(salon, "10:30"), person_0=bea.pk)

    booking.refresh_from_db()
    assert (answer["Location"], parts(booking)) == (page(booking), [("Cut", "Bea", "10:30")])
    when = words.when(booking.local_start)
    assert f"<span>Moved to {when} with Bea instead of Ann.</span>" in said(client)[0]


def test_the_same_time_with_somebody_else_is_a_change_of_person(salon, cut, ann, bea, desk):
    booking = make_booking(salon, visit((cut, ann)), at(salon))

    press(desk(), page(booking, "reschedule"), **wall(salon), person_0=bea.pk)

    booking.refresh_from_db()
    assert (parts(booking), booking.start_at) == ([("Cut", "Bea", "10:00")], at(salon))


def test_a_part_of_a_chain_gets_somebody_else(salon, cut, ann, colour, bea, desk):
    make_member("Cleo", performs=[colour])
    booking = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))
    client = desk()
    cleo = TeamMember.objects.get(first_name="Cleo")

    press(client, page(booking, "reschedule"), **wall(salon, "12:00"), person_1=cleo.pk)

    assert parts(booking) == [("Cut", "Ann", "12:00"), ("Colour", "Cleo", "13:00")]
    assert "with Ann, Cleo (Colour: Cleo instead of Bea)." in said(client)[0]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("otto@example.com", "The customer is told by e-mail."), ("", "There is no e-mail address: please call.")],
)
def test_a_move_says_how_the_customer_hears_of_it(salon, cut, ann, desk, email, sentence):
    booking = make_booking(salon, cut, at(salon), details=Details("Otto Ohm", "otto@example.com", ""))
    Booking.objects.update(contact_email=email)

    assert desk().get(page(booking, "reschedule")).context["lines"][1] == f"The agreed price stays. {sentence}"


def test_only_those_who_perform_the_service_can_be_named(salon, cut, ann, colour, bea, desk):
    booking = make_booking(salon, visit((colour, bea)), at(salon))

    form = desk().get(page(booking, "reschedule")).context["form"]

    assert form.fields["person_0"].choices == [("", "Bea if possible")]


def test_a_move_to_where_it_is_changes_nothing(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))

    answer = press(desk(), page(booking, "reschedule"), **wall(salon))

    assert answer.context["form"].non_field_errors() == [
        "This is where the visit is now. Choose another time or another person."
    ]
    assert Booking.objects.get().sequence == booking.sequence


def test_a_refused_move_shows_every_reason(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    taken = make_booking(salon, cut, at(salon, "13:00"), details=OTTO)

    answer = press(desk(), page(booking, "reschedule"), **wall(salon, "13:20"))

    assert [line.text for line in answer.context["why"].services[0][1][0][1]] == [
        "Visits start every 15 minutes from the start of the shift.",
        "There is a booking.",
    ]
    assert f'href="{page(taken)}">{taken.ref}</a>' in answer.text
    assert Booking.objects.get(pk=booking.pk).start_at == booking.start_at


def test_a_move_is_undone_from_its_own_message(salon, cut, ann, bea, desk):
    booking = make_booking(salon, visit((cut, ann)), at(salon))
    client = desk()
    press(client, page(booking, "reschedule"), **wall(salon, "14:00", days=8), person_0=bea.pk)
    shown = client.get(page(booking))
    [message] = map(str, shown.context["messages"])
    key = re.search(r'name="key" value="([^"]+)"', message)[1]
    was = f"{words.when(booking.local_start)}, with Ann"

    answer = client.post(re.search(r'action="([^"]+)"', message)[1], {"key": key})

    booking.refresh_from_db()
    assert ("Moved from", was) in shown.context["visit"]
    assert (answer["Location"], booking.start_at, parts(booking)) == (
        page(booking),
        at(salon),
        [("Cut", "Ann", "10:00")],
    )
    assert said(client) == [f"Moved back to {words.when(booking.local_start)} with Ann."]
    assert "Moved from" not in dict(client.get(page(booking)).context["visit"])


def test_undoing_another_length_says_that_nobody_is_written_to(salon, cut, ann, desk):
    booking, now = make_booking(salon, cut, at(salon)), timezone.now()
    services.change_length(business=salon, booking=booking, minutes=90, by=SYSTEM, now=now)

    shown = desk().get(page(booking, "undo-move")).text

    assert "It takes as long as before; nobody is written to." in shown
    assert "is told by e-mail" not in shown


def test_a_move_cannot_be_undone_once_the_old_time_is_taken(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    client = desk()
    press(client, page(booking, "reschedule"), **wall(salon, "14:00"))
    make_booking(salon, cut, at(salon), details=OTTO)
    said(client)

    press(client, page(booking, "undo-move"))

    assert said(client) == ["That time has just been taken. Please choose another one."]
    assert Booking.objects.get(pk=booking.pk).start_at == at(salon, "14:00")


def test_what_was_never_moved_has_nothing_to_undo(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    client = desk()

    assert client.get(page(booking, "undo-move"))["Location"] == page(booking)
    assert said(client) == ["Not possible now: this booking is confirmed."]


def test_a_viewer_undoes_nothing_and_another_salon_sees_nothing(salon, nora, cut, ann, desk, client_for, member):
    booking = make_booking(salon, cut, at(salon))
    press(desk(), page(booking, "reschedule"), **wall(salon, "14:00"))
    moved = Booking.objects.get().start_at

    assert desk("viewer").post(page(booking, "undo-move")).status_code == 403
    assert client_for(nora, member("owner", nora)).post(page(booking, "undo-move")).status_code == 404
    assert (Booking.objects.get().start_at, moved) == (moved, at(salon, "14:00"))


def test_undoing_keeps_out_of_the_past(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon))
    client = desk()
    press(client, page(booking, "reschedule"), **wall(salon, "14:00"))
    gone = Booking.objects.get().moved_from | {"start_at": (timezone.now() - timedelta(days=1)).isoformat()}
    Booking.objects.update(moved_from=gone)
    said(client)

    press(client, page(booking, "undo-move"))

    assert "This time has passed." in said(client)
    assert Booking.objects.get().start_at == at(salon, "14:00")
