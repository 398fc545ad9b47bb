"""Several people that staff write down in one go: all of them or none."""

from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from bookings import words
from bookings.models import Booking, Customer, Family, Source, Status
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_service
from dashboard.tests.pages import page, said, url
from payments.models import Payment
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
LONG = "Maximiliane-Wilhelmine von Wolkenstein-Trostburg und zu Rodank"


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def ben(cut):
    return make_member("Ben", performs=[cut])


def form(salon, *wanted, **typed):
    """What the page sends: everybody wants one of `wanted`, a service or (service, person)."""
    sent = {
        "key": str(uuid4()),
        "guests": len(wanted),
        "order": "together",
        "date": at(salon).astimezone(salon.zone).date().isoformat(),
        "name": "Cleo Dee",
        "phone": "(212) 555-0166",
    }
    for number, (each, name) in enumerate(zip(wanted, ("", "Tom", "Lena", "Mia", "Max"), strict=False), 1):
        service, person = each if isinstance(each, tuple) else (each, None)
        sent |= {
            f"guest-{number}-name": name,
            f"guest-{number}-wanted-TOTAL_FORMS": 1,
            f"guest-{number}-wanted-INITIAL_FORMS": 0,
            f"guest-{number}-wanted-0-service": str(service.pk),
            f"guest-{number}-wanted-0-team_member": str(person.pk) if person else "",
        }
    return sent | typed


def seconds(start):
    return int(start.timestamp())


def offered(client, sent):
    times = client.post(url("visit-group"), sent | {"times": "1"}).context["times"]
    return {label: start for start, label, _ in times.get("slots", [])}


def test_times_are_offered_and_one_press_books_all(salon, cut, ann, ben, desk):
    client, sent = desk(), form(salon, cut, (cut, ann), email="Cleo@example.com", note="Allergic to nuts")

    times = offered(client, sent)
    answers = [client.post(url("visit-group"), sent | {"pick": times["10:00"]}) for _ in range(2)]

    one, other = Booking.objects.order_by("family_number")
    assert {answer["Location"] for answer in answers} == {page(one)}
    assert {(each.start_at, each.status, each.source, each.card_required) for each in (one, other)} == {
        (at(salon), Status.CONFIRMED, Source.STAFF, False)
    }
    assert (one.for_name, other.for_name, other.team_member) == ("", "Tom", ann)
    assert one.customer == other.customer == Customer.objects.get()
    assert (one.contact_email, one.special_requests) == ("cleo@example.com", "Allergic to nuts")
    assert [payment.method for payment in Payment.objects.all()] == ["cash", "cash"]
    assert said(client)[-1] == ("success", f"Booked: 2 visits for Cleo Dee, from {words.when(one.local_start)}.")


def test_a_guest_may_be_several_where_the_service_is_for_several_at_once(salon, cut, ann, desk):
    makeup = make_service("Make-up", minutes=60, cents=4000, allow_group_booking=True, max_group_size=3)
    make_member("Cy", performs=[makeup])
    client, sent = desk(), form(salon, cut, makeup) | {"guest-2-party_size": "3"}

    kept = client.post(url("visit-group"), sent | {"times": "1"})
    client.post(url("visit-group"), sent | {"pick": seconds(at(salon))})

    assert kept.context["form"].guests[1]["party_size"].value() == "3"
    visits = Booking.objects.order_by("family_number")
    assert [(each.attendee_count, each.price_cents) for each in visits] == [(1, 5000), (3, 12000)]


@pytest.mark.parametrize(
    ("what", "party", "sentence"),
    [
        ("makeup", "4", "Make-up can be booked for at most 3 people at once."),
        ("makeup", "0", "Tom: Ensure this value is greater than or equal to 1."),
        ("yoga", "1", "Yoga is a class and is booked on its own, for as many people as come."),
    ],
    ids=("too many", "nobody", "class"),
)
def test_what_a_group_does_not_take_is_said_and_books_nothing(salon, cut, ann, desk, what, party, sentence):
    makeup = make_service("Make-up", allow_group_booking=True, max_group_size=3)
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[makeup, yoga])
    service = {"makeup": makeup, "yoga": yoga}[what]
    client, sent = desk(), form(salon, cut, service) | {"guest-2-party_size": party}

    times = client.post(url("visit-group"), sent | {"times": "1"}).context["times"]
    pressed = client.post(url("visit-group"), sent | {"pick": seconds(at(salon))})

    assert times["sentences"] == [sentence]
    assert sentence.removeprefix("Tom: ") in pressed.text
    assert Booking.objects.count() == 0


def test_how_many_is_not_asked_where_nothing_is_for_several(salon, cut, ann, desk):
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[yoga])

    assert "How many they are" not in desk().get(url("visit-group")).text


def test_one_after_another(salon, cut, ann, desk):
    client, sent = desk(), form(salon, cut, cut, order="after")

    client.post(url("visit-group"), sent | {"pick": offered(client, sent)["10:00"]})

    assert [each.start_at for each in Booking.objects.order_by("family_number")] == [at(salon), at(salon, "11:00")]
    assert Family.objects.get().order == "after"


def test_each_visit_leads_to_the_others_and_lists_say_with_others(salon, cut, ann, ben, desk):
    client, sent = desk(), form(salon, cut, cut)
    client.post(url("visit-group"), sent | {"pick": seconds(at(salon))})
    one, other = Booking.objects.order_by("family_number")

    assert page(other) in client.get(page(one)).text
    assert page(one) in client.get(page(other)).text
    assert "with others" in client.get(url("visits")).text
    day = client.get(url("calendar", view="day", date=one.local_date.isoformat())).text
    assert "Cut · with others" in day


def test_for_a_customer_the_salon_knows(salon, cut, ann, ben, desk):
    anna, client = make_customer(phone="+12125550187"), desk()
    sent = form(salon, cut, cut, name="", phone="")

    found = client.post(url("visit-group"), sent | {"find": "1", "who": "berg"}).context["found"]
    chosen = client.post(url("visit-group"), sent | {"choose": str(anna.pk)}).context
    client.post(url("visit-group"), sent | {"customer": str(anna.pk), "pick": seconds(at(salon))})

    assert (found, chosen["known"]) == ([anna], anna)
    assert {(each.customer, each.contact_name) for each in Booking.objects.all()} == {(anna, "Anna Berg")}


def test_what_is_taken_meanwhile_is_said_beside_the_form(salon, cut, ann, ben, desk):
    client, sent = desk(), form(salon, cut, cut)
    taken = make_booking(salon, cut, at(salon), team_member=ben)

    refused = client.post(url("visit-group"), sent | {"pick": seconds(at(salon))})
    near = [start for start, _ in refused.context["offers"]]
    booked = client.post(url("visit-group"), sent | {"pick": near[-1]})

    assert (refused.status_code, "That time is no longer free for all of you." in refused.text) == (200, True)
    assert page(taken) in refused.text
    assert refused.context["form"]["name"].value() == "Cleo Dee"
    assert seconds(at(salon)) not in near
    assert seconds(at(salon, "11:00")) in [start for start, *_ in refused.context["times"]["slots"]]
    assert booked.status_code == 302
    assert Booking.objects.filter(family__isnull=False).count() == 2


def test_where_nothing_is_free_the_next_day_is_one_press_away(salon, cut, ann, desk):
    """One person cannot do two at once, whatever the day; one after another they can."""
    client = desk()

    together = client.post(url("visit-group"), form(salon, cut, cut, times="1")).context["times"]
    past = client.post(url("visit-group"), form(salon, cut, cut, order="after", date="2001-01-01", times="1"))

    assert together["slots"] == []
    assert together["sentences"][0].startswith("Nothing is free for all of them on ")
    assert together["next"] is None
    later = past.context["times"]["next"]["date"]
    assert f'name="day" value="{later}"' in past.content.decode()

    there = client.post(url("visit-group"), form(salon, cut, cut, order="after", date="2001-01-01", day=later))
    assert there.context["form"]["date"].value() == later
    assert there.context["times"]["slots"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Write a name, or find the customer."),
        ({"guest-2-name": " "}, "Write who comes; a first name is enough."),
        ({"guest-2-wanted-0-service": ""}, "Tom: Choose a service."),
        ({"pick": ""}, "Show the free times, and press one."),
        ({"date": ""}, "Choose a date."),
    ],
    ids=("nobody books", "nobody comes", "nothing is wanted", "no time", "no date"),
)
def test_what_is_wrong_is_said_and_keeps_what_was_typed(salon, cut, ann, ben, desk, typed, sentence):
    sent = form(salon, cut, cut, note="Allergic to nuts", pick=seconds(at(salon)))

    answer = desk().post(url("visit-group"), sent | typed)

    assert (answer.status_code, sentence in answer.text, "Allergic to nuts" in answer.text) == (200, True, True)
    assert Booking.objects.count() == 0


def test_who_does_not_perform_it_is_said_before_any_time(salon, cut, ann, ben, desk):
    colour = make_service("Colour")
    make_member("Cy", performs=[colour])

    times = desk().post(url("visit-group"), form(salon, cut, (colour, ben), times="1")).context["times"]

    assert times == {"sentences": ["Tom: Ben does not perform Colour."]}


@pytest.mark.parametrize("name", ["guests", "guest-1-wanted-TOTAL_FORMS"])
def test_a_number_of_thousands_of_digits_is_none(salon, cut, ann, desk, name):
    sent = form(salon, cut, cut) | {name: "9" * 5000, "more": "1"}

    assert len(desk().post(url("visit-group"), sent).context["form"].guests) == 2


def test_somebody_more_and_somebody_less(salon, cut, ann, ben, desk):
    client, sent = desk(), form(salon, cut, cut)

    def shown(**pressed):
        guests = client.post(url("visit-group"), sent | pressed).context["form"].guests
        return [(guest["name"].value(), len(guest.rows.forms)) for guest in guests]

    assert shown(guest="add") == [("", 1), ("Tom", 1), ("", 1)]
    assert shown(more="2") == [("", 1), ("Tom", 2)]
    sent = form(salon, cut, cut, cut)
    assert shown(without="2") == [("", 1), ("Lena", 1)]
    sent = form(salon, *[cut] * 5)
    assert len(shown(guest="add")) == 5
    sent = form(salon, cut, cut)
    assert len(shown(without="1")) == 1 + 1  # never fewer than two


def test_short_notice_is_set_aside_knowingly(salon, cut, ann, ben, desk):
    salon.min_notice_min = 60 * 24 * 60
    salon.save()
    client, sent = desk(), form(salon, cut, cut)

    assert offered(client, sent) == {}
    times = offered(client, sent | {"override": "on"})
    client.post(url("visit-group"), sent | {"override": "on", "pick": times["10:00"]})

    assert [each.overrides for each in Booking.objects.all()] == [["notice"], ["notice"]]


def test_long_names_go_through(salon, cut, ann, ben, desk):
    sent = form(salon, cut, cut, name=LONG, pick=seconds(at(salon)), **{"guest-2-name": LONG})

    desk().post(url("visit-group"), sent)

    assert list(Booking.objects.order_by("family_number").values_list("contact_name", "for_name")) == [
        (LONG, ""),
        (LONG, LONG),
    ]


def test_the_day_and_the_customer_come_with_the_address(salon, cut, desk):
    anna = make_customer()

    asked = desk().get(url("visit-group", customer=str(anna.pk), start="2031-03-04")).context["form"]

    assert (asked["date"].value(), asked.known) == ("2031-03-04", anna)


def test_who_may_only_look_writes_nothing_down(salon, other_salon, cut, ann, ben, desk, client_for, member):
    client, sent = desk("viewer"), form(salon, cut, cut, pick=seconds(at(salon)))

    assert [client.get(url("visit-group")).status_code, client.post(url("visit-group"), sent).status_code] == [403, 403]
    assert client_for(salon, member("owner", other_salon)).post(url("visit-group"), sent).status_code == 404
    assert client_for(salon).get(url("visit-group")).status_code == 302
    assert url("visit-group") not in client.get(url("visits")).text
    assert Booking.objects.count() == 0


def test_what_is_another_salons_is_not_there(salon, other_salon, cut, ann, ben, desk):
    with tenant_context(other_salon):
        foreign, stranger = make_service("Theirs"), make_customer(email="zoe@example.com")
    client, pick = desk(), seconds(at(salon))

    service = client.post(url("visit-group"), form(salon, cut, foreign, pick=pick))
    customer = client.post(url("visit-group"), form(salon, cut, cut, pick=pick, customer=str(stranger.pk)))

    assert (service.status_code, customer.status_code) == (200, 200)
    assert "This customer is not here any more." in customer.text
    assert Booking.objects.count() == 0
