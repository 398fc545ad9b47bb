"""Joining, looking at it, booking with it and ending it, in a browser without scripts."""

import re

import pytest
from django.urls import reverse

from bookings.tests.factories import at, hold, make_service
from giftcards import codes
from giftcards import queries as gift_cards
from memberships import links
from memberships.models import Membership, MembershipState
from memberships.tests.making import grants
from payments.tests.local_stripe import pay_on_stripes_page
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db]


def fields(page):
    """The hidden fields of the page's form, as a browser sends them."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return dict(found)


@pytest.fixture
def path(club, stripes_time):
    stripes_time(club)
    return f"/memberships/{club.plan.pk}/"


def joined(client, path, **typed):
    sent = fields(client.get(path)) | {"name": "Anna Berg", "email": "Anna@Example.com", "agreed": "on"} | typed
    return client.post(path, sent)


def test_what_is_offered_is_on_the_front_page_and_on_its_own(club, salon_client):
    front, own = salon_client.get("/"), salon_client.get("/memberships/")

    for page in (front, own):
        assert "Monthly cut" in page.content.decode()
    assert "$45.00" in own.content.decode()


def test_where_nothing_is_offered_there_is_no_such_page(salon, salon_client):
    assert salon_client.get("/memberships/").status_code == 404


def test_what_is_agreed_to_says_amount_day_and_how_to_end_it(path, salon_client, club):
    text = salon_client.get(path).content.decode()

    day = club.now().astimezone(club.business.zone).day
    assert "charges $45.00 to my card today, and again every month" in text
    assert re.search(rf"The day is the {day}(st|nd|rd|th) of each month", text)
    assert "I can end it at any time" in text


def test_joining_leads_to_stripe_and_back_to_a_paid_membership(path, salon_client, club):
    answer = joined(salon_client, path)
    pay_on_stripes_page(answer["Location"])
    membership = Membership.objects.get()
    session = club.account.stripe.checkout.sessions.retrieve(membership.card_page_id)
    back = session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id).replace(club.business.url, "")
    page = salon_client.get(back, follow=True)

    text = page.content.decode()
    assert (membership.email, membership.consent_address) == ("anna@example.com", "127.0.0.1")
    assert membership.consent.startswith("Rosa")
    assert "2 of 2 visits left" in text
    assert "Next charge" in text
    assert club.taken() == [("capture", 4500, 45)]


def test_back_from_the_card_page_nothing_has_to_be_typed_again_but_agreeing(path, salon_client, club):
    joined(salon_client, path, name="Anna Berg", email="Anna@Example.com")

    form = salon_client.get(path).context["form"]

    assert [form[name].value() for name in ("name", "email", "agreed")] == ["Anna Berg", "Anna@Example.com", None]


def test_another_browser_reads_nothing_of_what_was_typed(path, salon_client, client_for, salon):
    joined(salon_client, path)

    assert "Anna Berg" not in client_for(salon).get(path).text


def test_whoever_has_left_a_card_leaves_nothing_in_the_form(path, salon_client, club):
    pay_on_stripes_page(joined(salon_client, path)["Location"])
    membership = Membership.objects.get()
    url = links.card_left_url(business=club.business, membership=membership)
    salon_client.get(url.replace("{CHECKOUT_SESSION_ID}", membership.card_page_id).replace(club.business.url, ""))

    assert salon_client.get(path).context["form"]["name"].value() is None


@pytest.mark.parametrize("missing", ["name", "email", "agreed"])
def test_without_name_address_or_agreement_nothing_begins(path, salon_client, missing):
    answer = joined(salon_client, path, **{missing: ""})

    assert answer.status_code == 200
    assert Membership.objects.count() == 0


def test_a_price_that_changed_meanwhile_has_to_be_read_again(path, salon_client, club):
    sent = fields(salon_client.get(path)) | {"name": "Anna Berg", "email": "anna@example.com", "agreed": "on"}
    type(club.plan).objects.update(price_cents=9900)

    answer = salon_client.post(path, sent)

    assert answer.status_code == 200
    assert "$99.00" in answer.content.decode()
    assert Membership.objects.count() == 0


def test_what_is_included_is_read_again_where_it_changed_meanwhile(path, salon_client, club):
    typed = {"name": "Anna Berg", "email": "anna@example.com", "agreed": "on"}
    seen = fields(salon_client.get(path)) | typed
    type(club.plan).objects.update(included_visits=1)

    answer = salon_client.post(path, seen)
    unread = Membership.objects.count()
    salon_client.post(path, fields(answer) | typed)

    assert "What you agree to has changed meanwhile." in answer.text
    assert "good for 1 visit" in answer.text
    assert unread == 0
    assert Membership.objects.get().included_visits == 1


def test_it_is_ended_with_two_presses_and_kept_with_one(path, salon_client, club):
    membership = club.join()
    here = f"/m/{links.token_of(membership)}/"
    asked = salon_client.get(f"{here}end/").content.decode()
    before = club.fresh(membership).cancel_at_period_end

    salon_client.post(f"{here}end/")
    ended = club.fresh(membership).cancel_at_period_end, salon_client.get(here).content.decode()
    salon_client.post(f"{here}keep/")

    assert "Nothing more is charged" in asked
    assert (before, ended[0], club.fresh(membership).cancel_at_period_end) == (False, True, False)
    assert "It ends on" in ended[1]


def test_looking_at_pages_changes_nothing(path, salon_client, club):
    membership = club.join()
    here = f"/m/{links.token_of(membership)}/"
    before = Membership.objects.values().get()

    for address in (here, f"{here}end/"):
        assert salon_client.get(address).status_code == 200
    for address in (f"{here}keep/", f"{here}card/", f"{here}book/"):
        assert salon_client.get(address).status_code == 405

    assert Membership.objects.values().get() == before


def test_booking_with_it_carries_its_code_to_the_checkout(path, salon_client, club, salon, cut, ann):
    membership = club.join()
    code = re.search(
        r'class="code number">([^<]+)<', salon_client.get(f"/m/{links.token_of(membership)}/").content.decode()
    )
    answer = salon_client.post(f"/m/{links.token_of(membership)}/book/")
    front = salon_client.get("/").content.decode()
    pressed = salon_client.post(reverse("bookings:times", args=[cut.pk]), {"start": f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"})
    filled = salon_client.get(pressed.url).content.decode()
    salon_client.post(f"{pressed.url}gift-card/", {"gift_card_code": code[1]})
    used = salon_client.get(pressed.url).content.decode()

    assert answer["Location"] == "/"
    assert "Your membership is good for Cut. Its code is filled in at the last step." in front
    assert f'value="{code[1]}"' in filled
    assert "is applied" in used
    assert grants(membership)[0].card.usage_count == 1
    assert club.taken() == [("capture", 4500, 45)]


def test_another_card_is_left_on_stripes_page(path, salon_client, club):
    membership = club.join()

    answer = salon_client.post(f"/m/{links.token_of(membership)}/card/")

    assert answer["Location"].startswith(club.local.base)
    assert club.taken() == [("capture", 4500, 45)]


def test_the_code_pays_for_its_services_and_nothing_else(club, salon, cut, ann):
    membership = club.join()
    card = grants(membership)[0].card
    color = make_service("Color")
    ann.services.add(color)
    held = [hold(salon, service, at(salon, clock)) for service, clock in ((cut, "10:00"), (color, "12:00"))]

    def offered(booking):
        asked = {"code": codes.code_of(card.pk), "price_cents": 5000, "business": salon, "now": club.now()}
        return gift_cards.offer(**asked, booking=booking)

    found, part = offered(held[0])

    assert (found, part.rest_cents) == (card, 0)
    assert offered(held[1]) == (None, None)


def test_a_membership_that_has_ended_is_still_read(path, salon_client, club):
    membership = club.do("end_now", club.join())

    page = salon_client.get(f"/m/{links.token_of(membership)}/")

    assert membership.state == MembershipState.CANCELLED
    assert "This membership has ended" in page.content.decode()
