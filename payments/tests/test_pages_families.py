"""Several people in one go, as a browser without scripts gets it: who, when, once the details, once the card."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings import links, queries
from bookings import services as services_of_visits
from bookings.models import Booking, Occupancy, Status
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service
from giftcards.models import GiftReservation
from giftcards.tests.making import balance, code, make_card, make_package, uses
from messaging.models import Message
from payments import services
from payments.models import CardSetup, Payment, SavedCard
from payments.services import events
from payments.tests.making import with_fees
from tenants.models import Business, FeeType

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
TYPED = {
    "first_name": "Anna",
    "last_name": "Berg",
    "phone": "(212) 555-0187",
    "email": "anna@example.com",
    "policies": "on",
}
BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")


@pytest.fixture
def kids(salon, ann):
    """A child's cut, by Ben alone; Ann performs the cut."""
    service = make_service("Kids cut", minutes=30, cents=3000)
    make_member("Ben", performs=[service])
    return service


@pytest.fixture
def together(salon_client, cut, kids):
    """Anna for the cut, Lena for the child's cut, put together in the browser."""
    salon_client.post(reverse("bookings:family-start"), {"service": cut.pk})
    added = salon_client.post(reverse("bookings:family-add"), {"name": " Lena ", "services": [kids.pk], "person": ""})
    return added.url


@pytest.fixture
def press(salon, salon_client, together):
    """`press()`: hold a time for both, a week ahead; (the visits in order, the checkout's address)."""

    def hold(order="together", clock="10:00"):
        sent = {"start": f"{at(salon, clock):%Y-%m-%dT%H:%M:%SZ}", "order": order}
        response = salon_client.post(reverse("bookings:family"), sent)
        return list(Booking.objects.filter(status=Status.HOLD).order_by("family_number")), response.url

    return hold


def terms_of(html):
    return re.findall(r'name="terms" value="([^"]+)"', html)


def fill(salon_client, url, **more):
    """What is on the page, and what is typed into it."""
    return TYPED | {"terms": terms_of(salon_client.get(url).text)} | more


def names(visits):
    return [(each.contact_name, each.for_name) for each in visits]


def test_the_page_lists_who_comes_and_offers_times(salon, salon_client, together):
    day = at(salon).astimezone(salon.zone).date()
    page = salon_client.get(f"{together}&date={day}").text

    assert re.findall(r'class="basket-name">([^<]+)<', page) == ["You", "Lena"]
    assert f'value="{at(salon):%Y-%m-%dT%H:%M:%SZ}"' in page


def test_alone_no_times_are_shown_yet(salon_client, cut, ann):
    salon_client.post(reverse("bookings:family-start"), {"service": cut.pk})

    page = salon_client.get(reverse("bookings:family")).text

    assert "Add who comes with you" in page
    assert 'name="start"' not in page


def test_the_day_they_looked_at_is_kept_while_others_are_added(salon, salon_client, cut, ann):
    make_member("Cy", performs=[cut])
    day = at(salon, days=9).astimezone(salon.zone).date().isoformat()

    begun = salon_client.post(reverse("bookings:family-start"), {"service": cut.pk, "date": day}, follow=True)
    added = salon_client.post(
        reverse("bookings:family-add"), {"name": "Lena", "services": [cut.pk], "date": day}, follow=True
    )

    for page in (begun, added):
        assert page.context["draft"].day.isoformat() == day
        assert f'name="date" value="{day}"' in page.text


@pytest.mark.parametrize("name", ["family", "family-add", "family-remove"])
def test_a_day_without_anybody_put_together_is_no_error(salon, salon_client, cut, ann, name):
    asked = {"date": at(salon).astimezone(salon.zone).date().isoformat()}

    response = salon_client.post(reverse(f"bookings:{name}"), asked)

    assert response.status_code == (422 if name == "family-add" else 302)


def test_whom_they_asked_for_comes_along(salon_client, cut, ann):
    make_member("Cy", performs=[cut])

    salon_client.post(reverse("bookings:family-start"), {"service": cut.pk, "member": ann.pk})

    assert "with Ann" in salon_client.get(reverse("bookings:family")).text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": ""}, "Please write who comes; a first name is enough."),
        ({"services": []}, "Please choose at least one service."),
        ({"person": "ann"}, "Ann does not do: Kids cut."),
    ],
    ids=("nobody", "nothing", "not theirs"),
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(salon_client, together, kids, ann, sent, sentence):
    asked = {"name": "Tom", "services": [str(kids.pk)], "person": ""} | sent
    asked["person"] = ann.pk if asked["person"] else ""

    response = salon_client.post(reverse("bookings:family-add"), asked)

    assert (response.status_code, sentence in response.text) == (422, True)
    assert 'value="Tom"' in response.text or not asked["name"]
    assert len(re.findall('class="basket-name"', response.text)) == 2


@pytest.fixture
def makeup(salon):
    """For up to three at once, by Cy."""
    service = make_service("Make-up", minutes=60, cents=4000, allow_group_booking=True, max_group_size=3)
    make_member("Cy", performs=[service])
    return service


def test_those_who_come_may_be_several_at_once(salon, salon_client, cut, ann, makeup):
    salon_client.post(reverse("bookings:family-start"), {"service": makeup.pk, "party": "2"})
    salon_client.post(reverse("bookings:family-add"), {"name": "Lena", "services": [cut.pk], "party": "1"})
    page = salon_client.get(reverse("bookings:family")).text

    sent = {"start": f"{at(salon):%Y-%m-%dT%H:%M:%SZ}", "order": "together"}
    checkout = salon_client.post(reverse("bookings:family"), sent, follow=True)

    assert "Make-up · for 2 people" in page
    held = Booking.objects.order_by("family_number")
    assert [(each.attendee_count, each.price_cents) for each in held] == [(2, 8000), (1, 5000)]
    assert "2 people" in checkout.text


def test_more_than_are_taken_at_once_is_said_and_adds_nobody(salon_client, together, kids, makeup):
    asked = {"name": "Tom", "services": [kids.pk, makeup.pk], "party": "2"}

    refused = salon_client.post(reverse("bookings:family-add"), asked)

    assert (refused.status_code, "Kids cut is booked for one person at a time." in refused.text) == (422, True)
    assert len(re.findall('class="basket-name"', refused.text)) == 2


def test_what_is_for_fewer_meanwhile_is_for_as_many_as_it_takes(salon_client, together, makeup):
    salon_client.post(reverse("bookings:family-add"), {"name": "Tom", "services": [makeup.pk], "party": "3"})
    type(makeup).objects.filter(pk=makeup.pk).update(max_group_size=2)

    assert "Make-up · for 2 people" in salon_client.get(together).text


def test_a_class_is_not_among_what_those_who_come_choose_and_the_page_says_why(salon_client, cut, ann):
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[yoga])
    refused = salon_client.post(reverse("bookings:family-start"), {"service": yoga.pk})
    salon_client.post(reverse("bookings:family-start"), {"service": cut.pk})
    page = salon_client.get(reverse("bookings:family")).text

    assert refused["Location"].startswith(reverse("bookings:times", args=[yoga.pk]))
    assert "A class is booked on its own, for as many people as come." in page
    assert (str(yoga.pk) in page, "How many people" in page) == (False, False)


def test_somebody_is_taken_off_the_list_and_a_sixth_is_refused(salon_client, together, kids):
    for name in ("Tom", "Mia", "Jo", "Kay"):
        response = salon_client.post(reverse("bookings:family-add"), {"name": name, "services": [kids.pk]})
    assert (response.status_code, "At most 5 people" in response.text) == (422, True)

    salon_client.post(reverse("bookings:family-remove"), {"guest": "1"})

    page = salon_client.get(reverse("bookings:family")).text
    assert re.findall(r'class="basket-name">([^<]+)<', page) == ["Lena", "Tom", "Mia", "Jo"]


def test_one_checkout_books_all_of_them(salon_client, press):
    held, url = press()

    done = salon_client.post(url, fill(salon_client, url, note="shy dog"), follow=True)

    visits = list(queries.visits_of_family(held[0].family))
    assert [each.status for each in visits] == ["confirmed", "confirmed"]
    assert names(visits) == [("Anna Berg", ""), ("Anna Berg", "Lena")]
    assert {each.special_requests for each in visits} == {"shy dog"}
    assert list(Payment.objects.order_by("amount_cents").values_list("amount_cents", "status")) == [
        (3000, "requires_action"),
        (5000, "requires_action"),
    ]
    assert "Booked together" in done.text
    assert "Kids cut with Ben" in done.text


def test_one_mail_tells_of_all_with_each_ones_link_and_one_calendar_file(salon_client, press):
    held, url = press("after")

    salon_client.post(url, fill(salon_client, url))

    message = Message.objects.get(kind="booking_confirmed")
    visits = list(queries.visits_of_family(held[0].family))
    assert message.subject == "Confirmed: 2 visits at Rosa Studio"
    for form in (message.text, message.html):
        assert "Lena: Kids cut with Ben, " in form
        assert all(links.manage_token(each) in form for each in visits)
    file = message.attachments[0]
    assert (file["name"], re.findall(r"UID:([0-9a-f-]+)@", file["body"])) == (
        "visits.ics",
        [str(each.pk) for each in visits],
    )
    assert "METHOD:PUBLISH" in file["body"]


def test_where_the_salon_confirms_by_hand_all_of_them_are_requests(salon, salon_client, press):
    Business.objects.filter(pk=salon.pk).update(auto_confirm=False)
    held, url = press()

    salon_client.post(url, fill(salon_client, url))

    visits = queries.visits_of_family(held[0].family)
    assert {(each.status, each.hold_expires_at) for each in visits} == {("pending", None)}
    assert "Lena: Kids cut" in Message.objects.get(kind="booking_created").text


def test_each_visit_has_the_terms_of_its_own_price(salon, salon_client, press):
    Business.objects.filter(pk=salon.pk).update(
        cancellation_fee_type=FeeType.PERCENT, cancellation_fee_percent=50, cancellation_text="A day ahead, please."
    )
    held, url = press()
    salon_client.post(url, fill(salon_client, url))

    fees = [each.consent["cancellation_fee_cents"] for each in queries.visits_of_family(held[0].family)]
    assert fees == [2500, 1500]


def test_terms_that_have_changed_are_agreed_to_once_more_and_nothing_is_written(salon, salon_client, press):
    held, url = press()
    sent = fill(salon_client, url)
    Business.objects.filter(pk=salon.pk).update(cancellation_fee_type=FeeType.FIXED, cancellation_fee_cents=2000)

    response = salon_client.post(url, sent)

    assert response.status_code == 409
    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"hold"}
    assert Payment.objects.count() == 0
    assert salon_client.post(url, TYPED).status_code == 409  # none at all are none of these


def test_somebody_faster_means_none_of_them_and_fresh_times(salon, salon_client, together, kids):
    make_booking(salon, kids, at(salon), details=BEA)

    response = salon_client.post(reverse("bookings:family"), {"start": f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"})

    assert (response.status_code, "That time has just been taken" in response.text) == (409, True)
    assert Booking.objects.filter(status=Status.HOLD).count() == 0
    assert 'name="start"' in response.text


def test_a_family_that_ran_out_in_part_is_not_booked_in_part(salon_client, press):
    held, url = press()
    sent = fill(salon_client, url)
    Booking.objects.filter(pk=held[1].pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))

    response = salon_client.post(url, sent)

    assert response.url.startswith("/book/family/")
    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"hold"}


def test_more_time_and_giving_up_are_for_all_of_them(salon_client, press):
    held, _ = press()

    salon_client.post(reverse("payments:extend", args=[held[1].pk]))
    ends = set(queries.visits_of_family(held[0].family).values_list("hold_expires_at", flat=True))
    back = salon_client.post(reverse("payments:release", args=[held[0].pk]))

    assert (len(ends), ends.pop() > held[0].hold_expires_at) == (1, True)
    assert back.url.startswith("/book/family/")
    assert Occupancy.objects.count() == 0
    assert "Lena" in salon_client.get(back.url).text


def test_a_stranger_does_not_see_it(client, salon_client, press):
    _, url = press()
    salon_client.cookies.clear()

    assert salon_client.get(url).status_code == 404


# The card -------------------------------------------------------------------------------------------


@pytest.fixture
def saved(salon, salon_client, account, press):
    """Both booked, with a card saved once on Stripe's own page."""
    held, url = press()
    salon_client.post(url, fill(salon_client, url, keep_card="on"))
    account.save_card(CardSetup.objects.get().setup_intent_id)
    done = salon_client.get(reverse("payments:return", args=[held[0].pk]))
    return list(queries.visits_of_family(held[0].family)), done


def test_one_card_stands_for_all_visits(salon, saved, account):
    visits, done = saved

    assert done.url.startswith("/book/done/")
    assert [each.status for each in visits] == ["confirmed", "confirmed"]
    setups = CardSetup.objects.order_by("booking__family_number")
    assert {(each.status, each.payment_method_id, each.stripe_customer_id) for each in setups} == {
        ("succeeded", setups[0].payment_method_id, setups[0].stripe_customer_id)
    }
    assert {each.provider_account_id for each in Payment.objects.all()} == {account.id}
    assert (SavedCard.objects.count(), {each.saved_card for each in setups}) == (1, {SavedCard.objects.get()})


def test_each_money_button_works_on_its_own(salon, saved, account, admin):
    for number, visit in enumerate(saved[0]):
        services.complete(business=salon, booking=visit, key=f"k{number}", by=actors.user(admin), now=timezone.now())

    paid = Payment.objects.order_by("amount_cents").values_list("captured_cents", "status")
    assert list(paid) == [(3000, "captured"), (5000, "captured")]
    assert len(set(Payment.objects.values_list("provider_payment_id", flat=True))) == 2


def test_stripe_tells_of_the_card_first_and_all_are_booked(salon, salon_client, account, press):
    """The browser was closed on Stripe's page: no half of a family is left behind."""
    held, url = press()
    salon_client.post(url, fill(salon_client, url))
    setup = CardSetup.objects.get()
    account.save_card(setup.setup_intent_id)

    for _ in range(2):
        events.handle(business=salon, kind="setup_intent.succeeded", data={"id": setup.setup_intent_id})

    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"confirmed"}
    assert Message.objects.filter(kind="booking_confirmed").count() == 1


def test_without_the_card_none_is_booked(salon_client, account, press):
    held, url = press()
    salon_client.post(url, fill(salon_client, url))

    salon_client.get(reverse("payments:return", args=[held[0].pk]))

    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"pending"}
    assert CardSetup.objects.count() == 1


# Gift cards -----------------------------------------------------------------------------------------


def gifts_of(html):
    return re.findall(r'name="gift_seen" value="([^"]*)"', html)


def apply(salon_client, held, card):
    address = reverse("payments:gift-card", args=[held[0].pk])
    return salon_client.post(address, {"gift_card_code": code(card)}, follow=True)


def put_aside():
    """{what comes: cents put aside for it}."""
    found = GiftReservation.objects.filter(state="reserved")
    return {each.booking.service_name: each.cents for each in found}


def test_a_gift_card_is_spread_over_the_visits_in_their_order(salon_client, press):
    card, (held, _) = make_card(6000), press()

    page = apply(salon_client, held, card).text

    assert put_aside() == {"Cut": 5000, "Kids cut": 1000}
    assert balance(card) == 0
    assert "You pay $20.00 at the salon." in page
    assert [bool(each) for each in gifts_of(page)] == [True, True]


def test_what_is_agreed_to_is_booked_and_the_mail_says_what_the_card_pays(salon_client, press):
    card, (held, url) = make_card(6000), press()
    page = apply(salon_client, held, card).text

    salon_client.post(url, fill(salon_client, url, gift_seen=gifts_of(page)))

    visits = list(queries.visits_of_family(held[0].family))
    assert [each.status for each in visits] == ["confirmed", "confirmed"]
    assert [each.consent["gift_card"]["paid_cents"] for each in visits] == [5000, 1000]
    text = Message.objects.get(kind="booking_confirmed").text
    assert "What your gift card does not pay, you pay at the salon." in text
    assert f"Gift card {card}: −$10.00" in text


def test_a_card_for_all_of_it_asks_for_no_bank_card(salon, account, salon_client, press):
    with_fees(salon)
    card, (held, url) = make_card(8000), press()
    page = apply(salon_client, held, card).text

    salon_client.post(url, fill(salon_client, url, gift_seen=gifts_of(page)))

    assert 'id="card-title"' not in page
    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"confirmed"}
    assert CardSetup.objects.count() == 0


def test_a_package_takes_one_use_for_each_visit_it_covers(salon_client, press, cut, kids):
    package, (held, _) = make_package(kids, visits=5), press()

    page = apply(salon_client, held, package).text

    assert put_aside() == {"Kids cut": 0}
    assert uses(package) == 1
    assert "You pay $50.00 at the salon." in page


def test_a_package_that_covers_none_of_them_is_refused_and_says_why(salon, salon_client, press, cut):
    other = make_service("Colour", minutes=60, cents=9000)
    package, (held, _) = make_package(other), press()

    response = apply(salon_client, held, package)

    assert (response.status_code, "good for Colour only" in response.text) == (422, True)
    assert (put_aside(), uses(package)) == ({}, 0)


def test_enter_in_the_codes_field_puts_the_card_aside_and_books_nothing(salon_client, press):
    card, (held, url) = make_card(), press()

    salon_client.post(url, fill(salon_client, url, gift_card_code=code(card)))

    assert put_aside() == {"Cut": 5000, "Kids cut": 3000}
    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"hold"}


def test_taken_off_again_the_card_keeps_its_money(salon_client, press):
    card, (held, _) = make_card(), press()
    apply(salon_client, held, card)

    page = salon_client.post(reverse("payments:gift-card-off", args=[held[1].pk]), follow=True).text

    assert (put_aside(), balance(card), gifts_of(page)) == ({}, 10_000, ["", ""])


def test_given_up_the_times_give_the_card_back(salon_client, press):
    card, (held, _) = make_card(), press()
    apply(salon_client, held, card)

    salon_client.post(reverse("payments:release", args=[held[0].pk]))

    assert (put_aside(), balance(card)) == ({}, 10_000)


def test_a_card_that_was_taken_off_elsewhere_is_agreed_to_once_more(salon_client, press):
    card, (held, url) = make_card(), press()
    sent = fill(salon_client, url, gift_seen=gifts_of(apply(salon_client, held, card).text))
    salon_client.post(reverse("payments:gift-card-off", args=[held[0].pk]))

    response = salon_client.post(url, sent)

    assert (response.status_code, "has changed in the meantime" in response.text) == (409, True)
    assert {each.status for each in queries.visits_of_family(held[0].family)} == {"hold"}


def test_a_card_of_the_other_salon_is_good_for_nothing(salon_client, press, other_salon):
    with tenant_context(other_salon):
        card = make_card()
    held, _ = press()

    response = apply(salon_client, held, card)

    assert (response.status_code, put_aside()) == (422, {})
    with tenant_context(other_salon):
        assert balance(card) == 10_000


# Afterwards -----------------------------------------------------------------------------------------


@pytest.fixture
def booked(salon_client, press):
    held, url = press()
    salon_client.post(url, fill(salon_client, url))
    return list(queries.visits_of_family(held[0].family))


def at_link(name, booking):
    return reverse(f"bookings:{name}", args=[links.manage_token(booking)])


def test_all_of_them_are_called_off_at_once(salon_client, booked):
    url = at_link("family-cancel", booked[1])
    page = salon_client.get(url).text
    sent = {"fee": re.search(r'name="fee" value="(\d+)"', page)[1], "visit": [each.pk for each in booked]}

    salon_client.post(url, sent)

    assert {each.status for each in queries.visits_of_family(booked[0].family)} == {"canceled"}
    assert Occupancy.objects.count() == 0
    message = Message.objects.get(kind="booking_cancelled")
    assert message.subject == "Cancelled: 2 visits at Rosa Studio"
    for form in (message.text, message.html):
        assert "Your visits are cancelled." in form
        assert "Lena: Kids cut with Ben, " in form
        assert "Nothing has been charged." in form
    assert re.findall("STATUS:([A-Z]+)", message.attachments[0]["body"]) == ["CANCELLED"] * 2


def test_what_is_called_off_late_is_told_with_each_fee_and_their_sum(salon, salon_client, booked):
    for booking in booked:
        consent = booking.consent | {
            "cancellation_fee_cents": booking.price_cents // 2,
            "free_until": "2020-01-01T00:00:00+00:00",
        }
        Booking.objects.filter(pk=booking.pk).update(consent=consent)

    services_of_visits.cancel_family(
        business=salon,
        family=booked[0].family,
        pks={each.pk for each in booked},
        by=actors.customer("Anna Berg"),
        now=timezone.now(),
    )

    text = Message.objects.get(kind="booking_cancelled").text
    assert "late cancellation fees of $40.00 in all apply" in text
    assert "late cancellation fee $15.00" in text
    assert "Nothing has been charged" not in text


def test_called_off_again_nobody_is_told_again(salon, booked):
    how = {"business": salon, "family": booked[0].family, "by": actors.customer("Anna Berg"), "now": timezone.now()}

    for pks in ({booked[0].pk}, {each.pk for each in booked}, {each.pk for each in booked}):
        services_of_visits.cancel_family(**how, pks=pks)

    told = Message.objects.filter(kind="booking_cancelled").order_by("created_at")
    assert [(each.about_id, each.subject[:11]) for each in told] == [
        (booked[0].pk, "Cancelled: "),
        (booked[1].pk, "Cancelled: "),
    ]


def test_what_changed_meanwhile_is_looked_at_again(salon_client, booked):
    url = at_link("family-cancel", booked[0])

    for wrong in ({"fee": "1"}, {"visit": [booked[0].pk]}):
        sent = {"fee": "0", "visit": [each.pk for each in booked]} | wrong
        assert salon_client.post(url, sent).status_code == 409
    assert {each.status for each in queries.visits_of_family(booked[0].family)} == {"confirmed"}


def test_one_that_is_called_off_leaves_the_others(salon_client, booked):
    salon_client.post(at_link("cancel", booked[0]), {"fee": "0"})

    booked[1].refresh_from_db()
    assert booked[1].status == "confirmed"
    page = salon_client.get(at_link("manage", booked[1])).text
    assert "Cancelled" in page
    assert salon_client.get(at_link("family-cancel", booked[1])).url == at_link("manage", booked[1])


def test_all_are_in_one_calendar_file(salon_client, booked):
    file = salon_client.get(at_link("family-calendar", booked[0])).text

    assert sorted(re.findall(r"UID:([0-9a-f-]+)@", file)) == sorted(str(each.pk) for each in booked)


def test_a_visit_alone_has_no_family_pages(salon, salon_client, cut, ann):
    alone = make_booking(salon, cut, at(salon))

    assert "Booked together" not in salon_client.get(at_link("manage", alone)).text
    for name in ("family-calendar", "family-cancel"):
        assert salon_client.get(at_link(name, alone)).status_code == 404
