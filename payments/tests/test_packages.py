"""What each button does to a package's visit: used up where a fee would be due, given back where none is."""

import pytest
from django.utils import timezone

from audit import actors
from bookings import terms
from bookings.models import Booking
from bookings.services import cancel_booking
from bookings.terms import wording
from bookings.tests.factories import DETAILS, at, hold
from giftcards.models import GiftReservation
from giftcards.tests.making import code, ledger, make_package, uses
from payments import services, shown
from payments.desk.money import next_step
from payments.models import ActionKind, Payment
from payments.services import gifts
from payments.tests.test_services_charges import parts, press, strict

__all__ = ["strict"]


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def package(strict, cut, ann, account):
    return make_package(cut)


def booked(salon, cut, package):
    """A visit whose customer put the package aside and agreed to the terms with it."""
    booking = hold(salon, cut, at(salon))
    how = {"business": salon, "address": None, "now": timezone.now()}
    services.put_gift_card_aside(booking=booking, code=code(package), **how)
    booking = services.submit_checkout(booking=booking, details=DETAILS, **how)
    return services.place_booking(business=salon, booking=booking, now=timezone.now())


@pytest.fixture
def booking(strict, cut, package):
    return booked(strict, cut, package)


@pytest.fixture
def near(strict, cut, package):
    """So near that cancelling it is late."""
    strict.cancellation_window_hours = 720
    strict.save()
    return booked(strict, cut, package)


def test_a_package_asks_for_no_card_even_where_fees_may_become_due(booking):
    gift = terms.gift_of(booking.consent)

    assert (booking.status, booking.card_required, gift.card_asked, gift.visits) == ("confirmed", False, False, 1)
    assert Payment.objects.get().method == "gift"


def test_the_terms_say_that_a_visit_is_used_up(strict, booking):
    told = wording.sentences(consent=booking.consent, zone=strict.zone, now=timezone.now(), card=True)

    assert told[0] == "A visit of your package pays $50.00."
    assert told[1].startswith("Cancelling is free until ")
    assert told[1].endswith("; after that it costs a visit of your package.")
    assert told[2] == "If you do not come, a visit of your package is used up."
    assert told[3] == "No fee is charged then: a visit of your package is used up instead."


def test_a_completed_visit_is_paid_by_its_package(strict, booking, package, by, account):
    press(services.complete, strict, booking, by)

    payment = Payment.objects.get()
    assert (parts(payment)[0], payment.method, payment.status) == ((0, 5000, 0, 0, 0), "gift", "captured")
    assert GiftReservation.objects.get().state == "redeemed"
    assert (uses(package), account.intents()) == (1, [])


def test_what_comes_on_top_of_the_agreed_price_is_paid(strict, booking, package, by):
    press(services.complete, strict, booking, by, price_cents=6500, tip_cents=500, reason="A treatment")

    assert parts(Payment.objects.get())[0] == (0, 5000, 0, 2000, 0)


def test_a_no_show_uses_the_visit_up_instead_of_a_fee(strict, booking, package, by, account):
    plan = shown.plan_of(ActionKind.NO_SHOW, booking, now=timezone.now())
    assert plan.sentences[1:] == [
        f"1 visit of the package {package} is used up instead of the fee; 4 are left.",
        "Nothing is charged.",
    ]
    assert plan.let_go == "No-show: give the visit back"

    press(services.no_show, strict, booking, by)

    assert parts(Payment.objects.get())[0] == (0, 5000, 0, 0, 0)
    assert GiftReservation.objects.get().state == "redeemed"
    assert (uses(package), account.intents()) == (1, [])


def test_a_no_show_that_is_let_go_gives_the_visit_back(strict, booking, package, by):
    press(services.no_show, strict, booking, by, waive_fee=True)

    assert parts(Payment.objects.get())[0] == (0, 0, 0, 0, 5000)
    assert (uses(package), GiftReservation.objects.get().state) == (0, "released")


def test_a_cancellation_in_time_gives_the_visit_back(strict, booking, package, by):
    press(services.cancel, strict, booking, by)

    assert (uses(package), GiftReservation.objects.get().state) == (0, "released")
    assert Payment.objects.get().status == "canceled"


def test_a_late_cancellation_by_staff_uses_it_up(strict, near, package, by):
    press(services.cancel, strict, near, by)

    assert (uses(package), GiftReservation.objects.get().state) == (1, "redeemed")
    assert parts(Payment.objects.get())[0] == (0, 2500, 0, 0, 0)


def test_a_customers_late_cancellation_keeps_it_aside_until_staff_press(strict, near, package, by):
    cancel_booking(business=strict, booking=near, by=by, now=timezone.now())
    near = Booking.objects.get(pk=near.pk)

    assert (uses(package), GiftReservation.objects.get().state) == (1, "reserved")
    sentences, buttons = next_step(near, may=lambda name: True)
    assert sentences == ["Called off late: by the accepted terms the package’s visit is used up. Press Cancelled."]
    assert buttons == ["cancel"]

    press(services.cancel, strict, near, by)

    assert [kind for kind, *_ in ledger(package)] == ["issue", "reserve", "redeem"]
    assert uses(package) == 1


def test_a_late_cancellation_that_is_let_go_gives_it_back(strict, near, package, by):
    cancel_booking(business=strict, booking=near, by=by, now=timezone.now())

    press(services.cancel, strict, Booking.objects.get(pk=near.pk), by, waive_fee=True)

    assert (uses(package), GiftReservation.objects.get().state) == (0, "released")


def test_a_wrong_no_show_is_put_right_with_the_same_visit(strict, booking, package, by):
    press(services.no_show, strict, booking, by)

    press(services.complete, strict, booking, by, key="press-2", correcting=True, reason="They were there")

    assert (uses(package), GiftReservation.objects.filter(state="redeemed").count()) == (1, 1)
    assert parts(Payment.objects.get(is_current=True))[0] == (0, 5000, 0, 0, 0)


def test_without_a_fee_not_coming_gives_the_visit_back(strict, cut, package, by):
    strict.no_show_fee_type = "none"
    strict.cancellation_fee_type = "none"
    strict.save()
    booking = booked(strict, cut, package)

    press(services.no_show, strict, booking, by)

    assert (uses(package), GiftReservation.objects.get().state) == (0, "released")


def test_gift_for_names_the_package(strict, cut, package):
    booking = hold(strict, cut, at(strict))
    how = {"business": strict, "address": None, "now": timezone.now()}
    services.put_gift_card_aside(booking=booking, code=code(package), **how)

    gift = gifts.gift_for(business=strict, booking=booking)

    assert gift.name == f"5 × Cut •••• {package.code_tail}"
    assert wording.gift_lines(gift, "USD") == [(gift.name, "−$50.00"), ("Left to pay", "$0.00")]
