"""The form on the page of times, a place on the list, and an offer, as customers press them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import links as visits
from bookings import services as bookings
from bookings.models import (
    Booking,
    Closure,
    GroupSession,
    OpeningHours,
    SpecialDay,
    SpecialOpening,
    Status,
)
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC
from waitlist import links, services
from waitlist.models import Offer, OfferStatus, Wish, WishStatus
from waitlist.tests.making import ask, day_of, running, wait

pytestmark = NO_STATIC


@pytest.fixture
def bea(cut):
    return make_member("Bea", performs=[cut], works=(10 * 60, 11 * 60))


@pytest.fixture
def offer(salon, cut, bea):
    """A time that is kept for Wanda."""
    visit = make_booking(salon, cut, at(salon, "10:00"))
    wait(salon, cut)
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)
    return running()["Wanda Wait"]


def times_url(cut, day):
    return f"/book/{cut.pk}/?date={day.isoformat()}"


def typed(day, **changes):
    fields = {
        "date": day.isoformat(),
        "wait-first_date": day.isoformat(),
        "wait-last_date": day.isoformat(),
        "wait-name": "Wanda Wait",
        "wait-email": "Wanda@Example.com",
        "wait-phone": "",
    }
    return fields | changes


def press(client, name, token):
    return client.post(reverse(f"waitlist:{name}", args=[token], urlconf="config.urls_salon"))


def test_the_form_stands_where_a_day_has_no_times_and_nowhere_else(salon, cut, bea, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))

    full = salon_client.get(times_url(cut, day_of(salon))).content.decode()
    free = salon_client.get(times_url(cut, day_of(salon, 8))).content.decode()

    assert f'action="/book/{cut.pk}/waitlist/"' in full
    assert re.search(rf'name="wait-first_date" value="{day_of(salon)}"', full)
    assert "First come, first served" in full
    assert "/waitlist/" not in free


def shuts_for_once(day):
    Closure.objects.create(start_date=day, end_date=day, reason="Holiday")


def shuts_every_week(day):
    for weekday in {1, 2, 3, 4, 5, 6, 7} - {day.isoweekday()}:
        OpeningHours.objects.create(day_of_week=weekday, start_min=9 * 60, end_min=17 * 60)


@pytest.mark.parametrize("shut", [shuts_for_once, shuts_every_week])
def test_nobody_is_asked_to_wait_for_a_day_on_which_the_salon_is_closed(salon, cut, bea, salon_client, shut):
    day = day_of(salon)
    shut(day)

    closed = salon_client.get(times_url(cut, day)).text
    SpecialDay.objects.create(team_member=bea, date=day, shifts=[[600, 660]], open_anyway=True)
    SpecialOpening.objects.create(date=day, shifts=[[600, 660]])
    make_booking(salon, cut, at(salon, "10:00"))
    full = salon_client.get(times_url(cut, day)).text

    assert ("/waitlist/" in closed, "/waitlist/" in full) == (False, True)


def test_a_class_on_a_closed_weekday_may_be_waited_for(salon, cut, bea, salon_client):
    day = day_of(salon)
    shuts_every_week(day)
    GroupSession.objects.create(service=cut, team_member=bea, start_at=at(salon, "10:00"), end_at=at(salon, "11:00"))

    assert "/waitlist/" in salon_client.get(times_url(cut, day)).text


def test_joining_leads_to_a_page_that_says_what_one_waits_for(salon, cut, bea, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))
    day = day_of(salon)

    answer = salon_client.post(
        f"/book/{cut.pk}/waitlist/", typed(day, **{"wait-parts": ["morning", "evening"], "member": bea.pk}), follow=True
    )

    wish = Wish.objects.get()
    assert (wish.email, wish.first_date, wish.windows) == ("wanda@example.com", day, [[0, 720], [1020, 1440]])
    assert answer.redirect_chain == [(f"/waitlist/{links.wish_token(wish)}/", 302)]
    text = answer.content.decode()
    assert "Cut with Bea" in text
    assert "mornings and evenings" in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_what_is_wrong_is_said_on_the_same_page_and_entries_are_kept(salon, cut, bea, salon_client):
    answer = salon_client.post(f"/book/{cut.pk}/waitlist/", typed(day_of(salon), **{"wait-email": "wanda"}))

    assert answer.status_code == 422
    assert "Please write the address in full" in answer.content.decode()
    assert 'value="Wanda Wait"' in answer.content.decode()
    assert not Wish.objects.exists()


def test_reading_the_address_of_the_form_leads_to_the_times(salon, cut, bea, salon_client):
    answer = salon_client.get(f"/book/{cut.pk}/waitlist/")

    assert (answer.status_code, answer.url) == (302, f"/book/{cut.pk}/")


def test_one_address_joins_ten_times_an_hour(salon, cut, bea, salon_client):
    def join(number):
        fields = typed(day_of(salon), **{"wait-email": f"w{number}@example.com"})
        return salon_client.post(f"/book/{cut.pk}/waitlist/", fields, REMOTE_ADDR="203.0.113.7").status_code

    assert [join(number) for number in range(11)] == [302] * 10 + [429]
    assert Wish.objects.count() == 10


def test_reading_an_offer_changes_nothing(salon, offer, salon_client):
    path = links.offer_url(business=salon, offer=offer).removeprefix(salon.url)

    for method in (salon_client.get, salon_client.head):
        assert method(path).status_code == 200
    for verb in ("accept", "decline"):
        assert salon_client.get(f"{path}{verb}/").status_code == 405

    offer.refresh_from_db()
    assert offer.status == OfferStatus.OPEN


def test_taking_a_time_leads_into_checkout_with_what_is_known(salon, offer, salon_client):
    answer = press(salon_client, "accept", links.offer_token(offer))

    assert answer.url == f"/book/checkout/{offer.booking_id}/"
    text = salon_client.get(answer.url).content.decode()
    assert 'value="Wanda"' in text
    assert 'value="wanda@example.com"' in text


def test_a_taken_time_is_booked_as_any_other(salon, offer, salon_client):
    path = press(salon_client, "accept", links.offer_token(offer)).url
    page = salon_client.get(path)
    details = {
        "first_name": "Wanda",
        "last_name": "Wait",
        "email": "wanda@example.com",
        "phone": "+12125550187",
        "policies": "on",
        "terms": page.context["policies"].version,
    }

    salon_client.post(path, details)

    booking = Booking.objects.get(pk=offer.booking_id)
    assert (booking.status, booking.start_at) == (Status.CONFIRMED, offer.start_at)
    assert Wish.objects.get().status == WishStatus.BOOKED
    opened = salon_client.get(links.offer_url(business=salon, offer=offer).removeprefix(salon.url))
    assert opened.url.startswith("/b/")


def test_passing_a_time_on_says_so(salon, offer, salon_client):
    answer = salon_client.post(f"/waitlist/offers/{links.offer_token(offer)}/decline/", follow=True)

    assert "You have passed this time on. You stay on the list for other times." in answer.content.decode()
    assert Offer.objects.get().status == OfferStatus.DECLINED
    assert Wish.objects.get().status == WishStatus.WAITING


def test_leaving_is_a_press_and_can_be_pressed_twice(salon, offer, salon_client):
    token = links.wish_token(offer.wish)

    salon_client.get(f"/waitlist/{token}/")
    assert Wish.objects.get().status == WishStatus.OFFERED
    press(salon_client, "leave", token)
    answer = salon_client.post(f"/waitlist/{token}/leave/", follow=True)

    assert "You have left the list" in answer.content.decode()
    assert Wish.objects.get().status == WishStatus.LEFT
    assert Booking.objects.get(pk=offer.booking_id).status == Status.EXPIRED


def test_links_of_one_salon_are_noise_in_another(salon, other_salon, offer, other_client):
    for path in (f"/waitlist/{links.wish_token(offer.wish)}/", f"/waitlist/offers/{links.offer_token(offer)}/"):
        assert other_client.get(path).status_code == 404
    with tenant_context(other_salon):
        cut = make_service()
        make_member(performs=[cut])
        wish = wait(other_salon, cut)
        token = links.wish_token(wish)
    assert other_client.get(f"/waitlist/{token}/").status_code == 200
    assert other_client.get(f"/waitlist/offers/{token}/").status_code == 404


def test_an_offer_whose_link_is_pressed_too_late_says_so(salon, offer, salon_client):
    services.decline(offer=offer, now=timezone.now())

    answer = salon_client.post(f"/waitlist/offers/{links.offer_token(offer)}/accept/", follow=True)

    assert "This offer is over" in answer.content.decode()


def test_an_offer_nobody_answered_leads_to_what_is_free(salon, offer, salon_client):
    Booking.objects.filter(pk=offer.booking_id).update(hold_expires_at=timezone.now())

    text = salon_client.get(f"/waitlist/offers/{links.offer_token(offer)}/").content.decode()

    assert "This time was not booked while it was kept for you. You stay on the list" in text
    wanted = offer.wish.wanted.get()
    day = offer.wish.first_date.isoformat()
    assert f'href="/book/{wanted.service_id}/?date={day}"' in text


def test_an_offer_of_who_was_taken_off_the_list_promises_nothing(salon, offer, salon_client):
    services.leave(wish=offer.wish, by=SYSTEM, now=timezone.now(), removed=True)

    text = salon_client.get(f"/waitlist/offers/{links.offer_token(offer)}/").content.decode()

    assert "<p>This time is kept for you no longer.</p>" in text
    assert "See what is free" not in text


def test_who_took_a_time_finds_the_visit_and_no_word_of_its_state(salon, offer, salon_client):
    path = press(salon_client, "accept", links.offer_token(offer)).url
    terms = salon_client.get(path).context["policies"].version
    named = {"first_name": "Wanda", "last_name": "Wait", "email": "wanda@example.com", "phone": "+12125550187"}
    salon_client.post(path, named | {"policies": "on", "terms": terms})
    booking = Booking.objects.get(pk=offer.booking_id)
    bookings.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    text = salon_client.get(f"/waitlist/{links.wish_token(offer.wish)}/").content.decode()

    assert f'href="/b/{visits.manage_token(booking)}/"' in text
    assert "You have taken a time" in text
    assert "booked" not in text
