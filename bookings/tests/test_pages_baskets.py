"""Visits of several services, of several people and classes, as a browser without scripts gets them."""

import html as markup
import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import ics, links, services
from bookings.basket import Basket, Wanted
from bookings.models import Booking, BookingItem, ServiceTeamAssignment, Status
from bookings.tests.factories import DETAILS, at, make_member, make_service, submit
from bookings.tests.test_pages import page, starts
from messaging.models import Message

#: The host, the services on offer, who performs each of the two and both, and the diary in two messages.
QUERIES = 7

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def colour(salon, ann):
    """Half an hour's colour for 30.00, by Ann, who also cuts."""
    service = make_service("Colour", minutes=30, cents=3000)
    ServiceTeamAssignment.objects.create(service=service, team_member=ann)
    return service


@pytest.fixture
def bea(cut, colour):
    """Performs both, the cut for 40.00."""
    member = make_member("Bea", performs=[colour], sort_order=1)
    ServiceTeamAssignment.objects.create(service=cut, team_member=member, price_cents=4000)
    return member


@pytest.fixture
def yoga(salon, ann):
    """A class of four, by Ann."""
    service = make_service(
        "Yoga", minutes=60, cents=1500, allow_group_booking=True, max_group_size=4, shared_session=True
    )
    ServiceTeamAssignment.objects.create(service=service, team_member=ann)
    return service


def address(first, *query):
    return f"{reverse('bookings:times', args=[first.pk])}?{urlencode(query)}"


def press(client, first, start, *query):
    """POST what the page's form would send."""
    form = {}
    for name, value in query:
        form.setdefault(name, []).append(str(value))
    return client.post(reverse("bookings:times", args=[first.pk]), form | {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}"})


def linked(html, element):
    """Where a link leads: its path and query."""
    url = urlsplit(markup.unescape(re.search(rf'href="([^"]+)"[^>]*id="{element}"', html)[1]))
    return url.path, parse_qsl(url.query)


def rows(html):
    """The visit so far: name, price and the line about length and person of each service."""
    found = re.findall(r'basket-name">([^<]+)<.*?basket-price">(.*?)</p>.*?<p class="muted">([^<]+)<', html, re.S)
    return [(name, re.sub(r"<[^>]+>", "", price).strip(), about) for name, price, about in found]


def total(html):
    length, price = re.search(r'basket-total"><span>Total · ([^<]+)</span>(.*?)</p>', html, re.S).groups()
    return length, re.sub(r"<[^>]+>", "", price).strip()


def parts(html):
    """The parts of a booked visit as the summary lists them: hours, service, person, price."""
    listed = re.search(r'<ol class="recap-parts">(.*?)</ol>', html, re.S)[1]
    pattern = (
        r'<p>(.+?)</p><p class="number">(.+?)</p><p class="muted"><span class="number">(.+?)</span> with (.+?)</p>'
    )
    return [(hours, service, person, price) for service, price, hours, person in re.findall(pattern, listed)]


def refusal(html):
    return re.search(r'role="alert"[^>]*><p><strong>([^<]+)</strong>', html)[1]


def chain(salon, start, *wanted, **how):
    """A confirmed visit of several services."""
    basket = Basket(tuple(Wanted(service, member) for service, member in wanted), **how)
    held = services.hold_slot(business=salon, basket=basket, start=start, now=timezone.now())
    submit(salon, held, DETAILS)
    return services.confirm_booking(business=salon, booking=held, now=timezone.now(), card_on_file=True)


# Putting a visit together


def test_another_service_is_one_link_away(salon_client, cut, colour):
    path, query = linked(page(salon_client, address(cut)), f"add-{colour.pk}")
    html = page(salon_client, f"{path}?{urlencode(query)}")

    assert (path, query) == (reverse("bookings:times", args=[cut.pk]), [("also", str(colour.pk))])
    assert rows(html) == [("Cut", "$50.00", "60 min · with Ann"), ("Colour", "$30.00", "30 min · with Ann")]
    assert total(html) == ("90 min", "$80.00")
    assert starts(html)


def test_a_service_is_removed_and_moved_up(salon_client, cut, colour):
    html = page(salon_client, address(cut, ("also", colour.pk), ("date", "2099-01-01")))

    assert linked(html, "remove-1") == (reverse("bookings:times", args=[colour.pk]), [])
    assert linked(html, "remove-2") == (reverse("bookings:times", args=[cut.pk]), [])
    assert linked(html, "earlier-2") == (reverse("bookings:times", args=[colour.pk]), [("also", str(cut.pk))])


def test_one_service_has_nothing_to_remove(salon_client, cut, colour):
    html = page(salon_client, address(cut))

    assert rows(html) == [("Cut", "$50.00", "60 min · with Ann")]
    assert "Remove" not in html
    assert "Total" not in html


def test_a_total_that_depends_on_the_person_says_from(salon_client, cut, colour, bea):
    anyone = page(salon_client, address(cut, ("also", colour.pk)))
    named = page(salon_client, address(cut, ("also", colour.pk), ("member", bea.pk)))

    assert total(anyone) == ("90 min", "from $70.00")
    assert total(named) == ("90 min", "$70.00")


@pytest.mark.parametrize("chosen", ["one person", "a person each"])
def test_the_running_total_is_the_stored_total(salon_client, salon, cut, colour, ann, bea, chosen):
    people = [("member", bea.pk)] if chosen == "one person" else [("with", ann.pk), ("with", bea.pk)]
    query = [("also", colour.pk), *people]
    shown = total(page(salon_client, address(cut, *query)))
    press(salon_client, cut, at(salon), *query)

    booking = Booking.objects.get()
    assert shown == ("90 min", str(booking.price))
    assert booking.end_at - booking.start_at == timedelta(minutes=90)


def test_one_person_or_a_person_for_each(salon_client, cut, colour, ann, bea):
    html = page(salon_client, address(cut, ("also", colour.pk), ("with", "any"), ("with", bea.pk)))

    assert [about for _, _, about in rows(html)] == ["60 min · with anyone available", "30 min · with Bea"]
    assert re.findall(r'<option value="([^"]+)" selected>', html) == ["any", str(bea.pk)]
    assert linked(html, "person-1")[1] == [("also", str(colour.pk))]
    assert linked(html, "person-2")[1] == [("also", str(colour.pk)), ("member", str(ann.pk))]


def test_who_performs_only_a_part_keeps_that_part(salon_client, cut, colour, bea):
    tom = make_member("Tom", performs=[cut], sort_order=2)
    html = page(salon_client, address(cut, ("also", colour.pk), ("member", tom.pk)))

    assert [about for _, _, about in rows(html)] == ["60 min · with Tom", "30 min · with anyone available"]
    assert "person-4" not in html  # anyone, Ann and Bea do it all


@pytest.mark.parametrize("query", ["member", "with"])
def test_people_nobody_knows_are_ignored(salon_client, cut, colour, bea, query):
    html = page(salon_client, address(cut, ("also", colour.pk), (query, uuid4()), (query, "x")))

    assert {about for _, _, about in rows(html)} == {
        "60 min · with anyone available",
        "30 min · with anyone available",
    }


@pytest.mark.parametrize("number", [1, 3])
def test_fewer_or_more_people_than_services_are_no_error(salon_client, salon, cut, colour, ann, bea, number):
    query = [("with", bea.pk)] * number
    html = page(salon_client, address(cut, ("also", colour.pk), *query))
    booking = chain(salon, at(salon), (cut, ann), (colour, ann))
    page(salon_client, f"{reverse('bookings:reschedule', args=[links.manage_token(booking)])}?{urlencode(query)}")

    assert rows(html)[0][2] == "60 min · with Bea"


def test_a_service_with_a_chosen_person_asks_for_one_in_the_chain(salon_client, salon, cut, colour, bea):
    colour.requires_team_member_selection = True
    colour.save()
    asked = page(salon_client, address(cut, ("also", colour.pk)))
    answered = page(salon_client, address(cut, ("also", colour.pk), ("with", "any"), ("with", bea.pk)))
    refused = press(salon_client, cut, at(salon), ("also", colour.pk))

    assert starts(asked) == []
    assert "Anyone available" not in re.search(r'id="who".*?<details', asked, re.S)[0]
    assert re.search(r"<details[^>]* open>\s*<summary id=\"each\"", asked)
    assert starts(answered)
    assert (refused.status_code, Booking.objects.count()) == (422, 0)


def test_services_that_allow_it_may_run_together(salon_client, salon, cut, colour, ann, bea):
    html = page(salon_client, address(cut, ("also", colour.pk)))
    assert "At the same time where possible" not in html
    for service in (cut, colour):
        service.parallel_ok = True
        service.save()
    html = page(salon_client, address(cut, ("also", colour.pk)))
    path, query = linked(html, "order-2")
    together = page(salon_client, f"{path}?{urlencode(query)}")
    press(salon_client, cut, at(salon), *query)

    booking = Booking.objects.get()
    assert query == [("also", str(colour.pk)), ("together", "1")]
    assert total(together)[0] == "60 min"
    assert [item.start_at for item in booking.items.all()] == [at(salon), at(salon)]
    assert len({item.team_member_id for item in booking.items.all()}) == 2


def test_one_person_for_everything_does_one_thing_after_another(salon_client, cut, colour, ann, bea):
    for service in (cut, colour):
        service.parallel_ok = True
        service.save()
    html = page(salon_client, address(cut, ("also", colour.pk), ("together", 1), ("member", ann.pk)))

    assert "At the same time where possible" not in html
    assert total(html)[0] == "90 min"
    assert starts(html)


def test_a_wait_between_services_is_announced_where_there_may_be_one(salon_client, salon, cut, colour):
    salon.max_wait_min = 15
    salon.save()
    sentence = "You may wait up to 15 min between two services."

    assert sentence in page(salon_client, address(cut, ("also", colour.pk)))
    assert sentence not in page(salon_client, address(cut))


def test_a_party_pays_for_everybody_and_finds_only_what_takes_it(salon_client, salon, cut, colour):
    cut.allow_group_booking, cut.max_group_size = True, 3
    cut.save()
    html = page(salon_client, address(cut, ("party", 3)))
    refused = page(salon_client, address(cut, ("also", colour.pk), ("party", 3)))

    assert rows(html) == [("Cut", "$150.00", "60 min · with Ann")]
    assert f"add-{colour.pk}" not in html
    assert total(refused) == ("90 min", "$80.00")  # the colour is for one


@pytest.mark.parametrize("people", [1, 3])
def test_a_chain_asks_the_database_equally_often_for_any_team(
    salon_client, cut, colour, people, django_assert_num_queries
):
    for number in range(people):
        make_member(f"Person {number}", performs=[cut, colour])
    path = address(cut, ("also", colour.pk))
    page(salon_client, path)

    with django_assert_num_queries(QUERIES):
        page(salon_client, path)


# What cannot be one visit


def foreign_service(other_salon):
    with tenant_context(other_salon):
        service = make_service("Elsewhere")
        make_member("Zoe", performs=[service])
        return service.pk


@pytest.mark.parametrize("gone", ["never was", "another salon's", "no longer offered"])
def test_what_cannot_be_booked_is_left_out_and_said(salon_client, salon, other_salon, cut, colour, gone):
    ids = {"never was": uuid4, "another salon's": lambda: foreign_service(other_salon)}
    also = ids.get(gone, lambda: colour.pk)()
    if gone == "no longer offered":
        colour.active = False
        colour.save()
    html = page(salon_client, address(cut, ("also", also)))
    pressed = press(salon_client, cut, at(salon), ("also", also))

    assert refusal(html) == "A service you had chosen can no longer be booked online, so it is left out."
    assert [name for name, *_ in rows(html)] == ["Cut"]
    assert (pressed.status_code, Booking.objects.count()) == (422, 0)


def test_nonsense_beside_the_service_is_ignored(salon_client, cut, colour):
    html = page(salon_client, address(cut, ("also", "x"), ("also", ""), ("with", "y"), ("together", "maybe")))

    assert "alert" not in html
    assert [name for name, *_ in rows(html)] == ["Cut"]


@pytest.mark.parametrize("first", ["the class", "another service"])
def test_a_class_is_booked_on_its_own(salon_client, salon, cut, yoga, first):
    one, two = (yoga, cut) if first == "the class" else (cut, yoga)
    html = page(salon_client, address(one, ("also", two.pk)))
    pressed = press(salon_client, one, at(salon), ("also", two.pk))

    assert refusal(html) == "Yoga is a class and is booked on its own."
    assert [name for name, *_ in rows(html)] == [one.name]
    assert (pressed.status_code, Booking.objects.count()) == (422, 0)


def test_a_class_is_not_offered_as_an_addition_and_offers_none(salon_client, cut, colour, yoga):
    assert f"add-{yoga.pk}" not in page(salon_client, address(cut))
    assert "Add another service" not in page(salon_client, address(yoga))


@pytest.fixture
def nine(cut, ann):
    made = [make_service(f"Step {number}", minutes=15, cents=1000) for number in range(2, 10)]
    for service in made:
        ServiceTeamAssignment.objects.create(service=service, team_member=ann)
    return [cut, *made]


def test_eight_services_are_one_visit(salon_client, salon, nine):
    query = [("also", service.pk) for service in nine[1:8]]
    html = page(salon_client, address(nine[0], *query))
    press(salon_client, nine[0], at(salon), *query)

    assert total(html) == ("2 h 45 min", "$120.00")
    assert "Add another service" not in html
    assert "One visit takes at most 8 services." in html
    assert Booking.objects.get().items.count() == 8


def test_a_ninth_is_refused_in_words(salon_client, salon, nine):
    query = [("also", service.pk) for service in nine[1:]]
    html = page(salon_client, address(nine[0], *query))
    pressed = press(salon_client, nine[0], at(salon), *query)

    assert refusal(html) == "One visit takes at most 8 services."
    assert len(rows(html)) == 8
    assert (pressed.status_code, Booking.objects.count()) == (422, 0)


# From the press to the promise


def test_checkout_lists_each_part_with_whom_we_chose(salon_client, salon, cut, colour, ann, bea):
    pressed = press(
        salon_client, cut, at(salon), ("also", colour.pk), ("with", ann.pk), ("with", "any"), ("date", "2026-01-01")
    )
    html = page(salon_client, pressed.url)
    second = BookingItem.objects.get(position=1)

    assert parts(html) == [
        ("10:00 – 11:00", "Cut", "Ann", "$50.00"),
        ("11:00 – 11:30", "Colour", f"{second.team_member.name} (chosen for you)", "$30.00"),
    ]
    assert re.search(r"<span>Total</span><span class=\"number\">([^<]+)<", html)[1] == str(Booking.objects.get().price)


def test_another_time_leads_back_to_the_same_visit(salon_client, salon, cut, colour, ann, bea):
    query = [("also", str(colour.pk)), ("with", str(ann.pk)), ("with", str(bea.pk))]
    press(salon_client, cut, at(salon), *query)
    booking = Booking.objects.get()
    back = salon_client.post(reverse("payments:release", args=[booking.pk]))

    found = urlsplit(back.url)
    assert found.path == reverse("bookings:times", args=[cut.pk])
    assert parse_qsl(found.query) == [*query, ("date", booking.local_date.isoformat())]


def test_another_time_for_a_party_stays_a_party(salon_client, salon, cut, ann):
    cut.allow_group_booking, cut.max_group_size = True, 3
    cut.save()
    press(salon_client, cut, at(salon), ("party", 3))
    back = salon_client.post(reverse("payments:release", args=[Booking.objects.get().pk]))

    assert parse_qsl(urlsplit(back.url).query)[0] == ("party", "3")


def test_an_older_hold_leads_back_to_its_own_services(salon_client, salon, cut, colour, ann):
    press(salon_client, cut, at(salon), ("also", colour.pk))
    first = Booking.objects.get()
    press(salon_client, colour, at(salon, "14:00"))
    back = salon_client.post(reverse("payments:release", args=[first.pk]))

    assert urlsplit(back.url).path == reverse("bookings:times", args=[cut.pk])
    assert parse_qsl(urlsplit(back.url).query)[0] == ("also", str(colour.pk))


def test_losing_the_race_for_a_chain_offers_three_times_for_it(
    salon_client, client_for, rosa, salon, cut, colour, ann, bea
):
    query = [("also", colour.pk), ("member", bea.pk)]
    press(salon_client, cut, at(salon), *query)
    lost = press(client_for(rosa), cut, at(salon), *query)
    html = lost.content.decode()

    assert lost.status_code == 409
    assert refusal(html) == "That time has just been taken. Please choose another one."
    form = re.search(r"These times nearby.*?</form>", html, re.S)[0]
    assert re.findall(r'type="hidden" name="(also|member)" value="([^"]+)"', form) == [
        ("also", str(colour.pk)),
        ("member", str(bea.pk)),
    ]
    nearby = [datetime.fromisoformat(start) for start in starts(form)]
    assert len(nearby) == 3
    assert press(client_for(rosa), cut, nearby[0], *query).status_code == 302


@pytest.mark.parametrize("name", ["done", "manage", "reschedule", "cancel"])
def test_every_page_of_a_visit_lists_its_parts(salon_client, salon, cut, colour, ann, bea, name):
    booking = chain(salon, at(salon), (cut, ann), (colour, bea))
    html = page(salon_client, name, links.manage_token(booking))

    assert parts(html) == [
        ("10:00 – 11:00", "Cut", "Ann", "$50.00"),
        ("11:00 – 11:30", "Colour", "Bea", "$30.00"),
    ]


def test_mails_and_calendar_list_the_parts(salon, cut, colour, ann, bea):
    salon.email = "salon@rosa.example"
    salon.save()
    booking = chain(salon, at(salon), (cut, ann), (colour, bea))
    confirmation, notice = (Message.objects.get(kind=kind) for kind in ("booking_confirmed", "salon_new_booking"))

    for text in (confirmation.text, notice.text):
        assert "10:00 – 11:00 Cut with Ann, $50.00\n" in text
        assert "11:00 – 11:30 Colour with Bea, $30.00\n" in text
    assert "<th>11:00 – 11:30</th><td>Colour with Bea, $30.00</td>" in confirmation.html
    assert ics.description(booking) == (
        f"10:00 – 11:00 Cut with Ann\n11:00 – 11:30 Colour with Bea\nConfirmation number {booking.ref}."
    )


# Moving


def move(client, booking, start, *query):
    form = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}"}
    for name, value in query:
        form.setdefault(name, []).append(str(value))
    return client.post(reverse("bookings:reschedule", args=[links.manage_token(booking)]), form, follow=True)


def test_a_chain_moves_with_its_people(salon_client, salon, cut, colour, ann, bea):
    booking = chain(salon, at(salon), (cut, ann), (colour, bea))
    html = move(salon_client, booking, at(salon, "14:00")).content.decode()

    assert [(item.start_at, item.team_member) for item in booking.items.all()] == [
        (at(salon, "14:00"), ann),
        (at(salon, "15:00"), bea),
    ]
    assert "Your visit is moved to" in html
    assert "instead of" not in html


def test_another_person_is_said_in_the_message_on_the_page_and_in_the_mail(salon_client, salon, cut, colour, ann, bea):
    booking = chain(salon, at(salon), (cut, ann), (colour, ann))
    moved = move(salon_client, booking, at(salon, "14:00"), ("with", "any"), ("with", bea.pk)).content.decode()
    later = page(salon_client, "manage", links.manage_token(booking))
    mail = Message.objects.get(kind="booking_rescheduled")

    sentence = "Colour is now with Bea instead of Ann."
    assert moved.count(sentence) == 1
    assert later.count(sentence) == 1
    assert sentence in mail.text
    assert f"<p>{sentence}</p>" in mail.html


def test_one_person_for_everything_takes_a_moved_chain_over(salon_client, salon, cut, colour, ann, bea):
    booking = chain(salon, at(salon), (cut, ann), (colour, ann))
    html = move(salon_client, booking, booking.start_at, ("member", bea.pk)).content.decode()

    booking.refresh_from_db()
    assert {item.team_member for item in booking.items.all()} == {bea}
    assert "Now with Bea instead of Ann." in html
    assert booking.price_cents == 8000


def test_what_runs_together_is_moved_together(salon_client, salon, cut, colour, ann, bea):
    for service in (cut, colour):
        service.parallel_ok = True
        service.save()
    booking = chain(salon, at(salon), (cut, ann), (colour, bea), together=True)
    path = reverse("bookings:reschedule", args=[links.manage_token(booking)])
    html = page(salon_client, path)
    alone = page(salon_client, f"{path}?member={ann.pk}")

    assert 'id="person-1"' in html
    assert 'id="person-2"' not in html
    assert starts(html)
    assert starts(alone) == []
    assert "Another person may have time" in alone
    move(salon_client, booking, at(salon, "14:00"), ("with", bea.pk), ("with", ann.pk))
    assert [(item.start_at, item.team_member) for item in booking.items.all()] == [
        (at(salon, "14:00"), bea),
        (at(salon, "14:00"), ann),
    ]


def test_moving_to_where_it_is_changes_nothing_and_says_so(salon_client, salon, cut, colour, ann):
    booking = chain(salon, at(salon), (cut, ann), (colour, ann))
    html = move(salon_client, booking, booking.start_at).content.decode()

    booking.refresh_from_db()
    assert "Your visit stays as it is" in html
    assert booking.sequence == 0


def test_a_moved_visit_keeps_its_price_whoever_does_it(salon_client, salon, cut, colour, ann, bea):
    booking = chain(salon, at(salon), (cut, ann), (colour, ann))
    html = page(salon_client, "reschedule", links.manage_token(booking))

    assert "$40.00" not in html
    assert "Add another service" not in html
    assert "the same people if they can" in html


# Classes


def test_a_class_says_how_many_places_are_left(salon_client, salon, yoga, ann):
    first = address(yoga, ("date", at(salon).astimezone(salon.zone).date()))
    before = places(page(salon_client, first))
    press(salon_client, yoga, at(salon), ("party", 3))
    after = places(page(salon_client, first))
    two = places(page(salon_client, f"{first}&party=2"))

    assert before["10:00"] == "4 places left"
    assert after["10:00"] == "1 place left"
    assert "10:00" not in two
    assert two["11:00"] == "4 places left"


def places(html):
    return dict(re.findall(r'data-label="([^"]+)"><span>[^<]+<small>([^<]+)</small>', html))


def test_a_class_by_plan_shows_its_sessions_only(salon_client, salon, yoga, ann):
    yoga.scheduled_only = True
    yoga.save()
    nothing = page(salon_client, address(yoga))
    services.open_session(business=salon, service=yoga, team_member=ann, start=at(salon), by=SYSTEM, now=timezone.now())
    html = page(salon_client, address(yoga))

    assert "The salon has announced no more dates for this class." in nothing
    assert starts(nothing) == []
    assert places(html) == {"10:00": "4 places left"}


def test_a_class_is_booked_with_a_friend(salon_client, salon, yoga, ann):
    pressed = press(salon_client, yoga, at(salon), ("party", 2))
    html = page(salon_client, pressed.url)

    assert "2 people" in html
    assert Booking.objects.get(status=Status.HOLD).price_cents == 3000
