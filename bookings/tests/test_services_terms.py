"""Who agrees to what: decided while the details are written, by what is in the diary, and told to nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import queries, services, terms
from bookings.models import Booking, Customer, Status
from bookings.tests.factories import (
    DETAILS,
    at,
    hold,
    make_booking,
    make_customer,
    make_member,
    make_past_visit,
    make_service,
    visit,
)
from messaging.models import Message

OTHER_NUMBER = replace(DETAILS, phone="+12125550199")


@pytest.fixture
def with_cards(salon):
    """The salon's Stripe account takes charges; saving a card is somebody else's test."""
    salon.billing.charges_enabled = True
    return salon


@pytest.fixture
def asks_new(with_cards):
    """Rosa asks new customers for 20.00."""
    with_cards.deposit_type, with_cards.deposit_cents, with_cards.deposit_for = "fixed", 2000, "new"
    return with_cards


def submit(salon, booking, details=DETAILS, **how):
    return services.submit_details(
        business=salon, booking=booking, details=details, address="203.0.113.9", now=timezone.now(), **how
    )


def agreed(salon, booking, details=DETAILS):
    consent = submit(salon, booking, details).consent
    return consent["deposit_cents"], consent["deposit_for_why"]


def past(salon, service, status, details=DETAILS, **how):
    """A visit of yesterday that ended in this status."""
    booking = make_past_visit(make_booking(salon, service, at(salon, **how), details=details))
    Booking.objects.filter(pk=booking.pk).update(status=status)
    booking.items.first().occupancy.all().delete()


# Who is asked ----------------------------------------------------------------------------------


def test_a_first_visit_is_secured_and_the_next_is_not(asks_new, cut, ann):
    first = agreed(asks_new, hold(asks_new, cut, at(asks_new)))
    past(asks_new, cut, Status.COMPLETED, days=8)

    assert first == (2000, "new")
    assert agreed(asks_new, hold(asks_new, cut, at(asks_new, "12:00"))) == (0, "")


@pytest.mark.parametrize("status", [Status.CANCELED, Status.CONFIRMED, Status.NO_SHOW])
def test_only_a_completed_visit_makes_a_customer_known(asks_new, cut, ann, status):
    past(asks_new, cut, status, days=8)

    assert agreed(asks_new, hold(asks_new, cut, at(asks_new))) == (2000, "new")


def test_who_missed_a_visit_is_asked_again(asks_new, cut, ann):
    asks_new.deposit_for = "missed"
    before = agreed(asks_new, hold(asks_new, cut, at(asks_new)))
    past(asks_new, cut, Status.COMPLETED, days=8)
    past(asks_new, cut, Status.NO_SHOW, days=9)

    assert before == (0, "")
    assert agreed(asks_new, hold(asks_new, cut, at(asks_new, "12:00"))) == (2000, "missed")


def test_a_known_customer_of_another_salon_is_new_here(asks_new, other_salon, cut, ann):
    with tenant_context(other_salon):
        there = make_service()
        make_member(performs=[there])
        past(other_salon, there, Status.COMPLETED)

    assert agreed(asks_new, hold(asks_new, cut, at(asks_new))) == (2000, "new")


def test_staff_may_know_a_customers_number_from_elsewhere(asks_new, cut, ann):
    past(asks_new, cut, Status.COMPLETED, replace(DETAILS, phone="+12125550111"), days=8)
    Customer.objects.update(phone=DETAILS.phone)

    assert agreed(asks_new, hold(asks_new, cut, at(asks_new))) == (0, "")


def test_details_sent_again_are_judged_anew(asks_new, cut, ann):
    past(asks_new, cut, Status.COMPLETED, days=8)
    booking = submit(asks_new, hold(asks_new, cut, at(asks_new)))

    again = submit(asks_new, booking, replace(DETAILS, name="Bea Cole", email="bea@example.com"))

    assert (booking.consent["deposit_cents"], again.consent["deposit_cents"]) == (0, 2000)


def test_staff_agree_to_nothing_in_a_customers_name(asks_new, cut, ann):
    booking = submit(asks_new, hold(asks_new, cut, at(asks_new), source="staff"), by=SYSTEM)

    assert (booking.consent, booking.card_required) == ({}, False)


def test_the_deposit_of_a_visit_is_that_of_its_services_for_all_guests(asks_new, ann):
    asks_new.deposit_for = "everyone"
    wash = make_service("Wash", cents=3000, allow_group_booking=True, max_group_size=4)
    colour = make_service("Colour", cents=9000, deposit_type="percent", deposit_percent=10, allow_group_booking=True)
    gloss = make_service("Gloss", cents=1000, deposit_type="none", allow_group_booking=True, max_group_size=4)
    colour.max_group_size = 4
    for service in (wash, colour, gloss):
        service.save()
        service.assignments.create(team_member=ann)

    booking = hold(asks_new, visit(wash, colour, gloss, party_size=2), at(asks_new))

    assert booking.price_cents == 26000
    assert agreed(asks_new, booking) == (2 * 2000 + 1800, "everyone")


# Cards -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deposit_type", "require_card", "charges", "asked"),
    [
        ("none", False, True, False),
        ("fixed", False, True, True),
        ("none", True, True, True),
        ("fixed", False, False, False),
        ("fixed", True, False, False),
    ],
)
def test_a_deposit_that_may_apply_asks_everybody_for_a_card(
    asks_new, cut, ann, deposit_type, require_card, charges, asked
):
    asks_new.deposit_type, asks_new.require_card = deposit_type, require_card
    asks_new.billing.charges_enabled = charges
    past(asks_new, cut, Status.COMPLETED, days=8)

    assert hold(asks_new, cut, at(asks_new)).card_required is asked


def test_a_service_with_a_deposit_asks_for_a_card_and_another_does_not(with_cards, cut, ann):
    with_cards.require_card = False
    colour = make_service("Colour", deposit_type="percent", deposit_percent=10)
    colour.assignments.create(team_member=ann)

    assert hold(with_cards, cut, at(with_cards)).card_required is False
    assert hold(with_cards, colour, at(with_cards, "12:00")).card_required is True


def test_without_stripe_nobody_promises_a_deposit(asks_new, cut, ann):
    asks_new.billing.charges_enabled = False

    assert agreed(asks_new, hold(asks_new, cut, at(asks_new))) == (0, "")


# What was on the page --------------------------------------------------------------------------


def test_terms_that_changed_while_the_page_was_open_are_not_agreed_to(asks_new, cut, ann):
    booking = hold(asks_new, cut, at(asks_new))
    seen = queries.offer_for(business=asks_new, booking=booking).version
    asks_new.no_show_fee_type, asks_new.no_show_fee_percent = "percent", 100

    with pytest.raises(services.TermsChanged):
        submit(asks_new, booking, seen=seen)

    booking.refresh_from_db()
    assert (booking.status, booking.consent, Customer.objects.count()) == ("hold", {}, 0)
    seen = queries.offer_for(business=asks_new, booking=booking).version
    assert submit(asks_new, booking, seen=seen).consent["no_show_fee_cents"] == 5000


def test_a_services_own_deposit_is_part_of_what_was_seen(asks_new, cut, ann):
    booking = hold(asks_new, cut, at(asks_new))
    seen = queries.offer_for(business=asks_new, booking=booking).version
    cut.deposit_type, cut.deposit_cents = "fixed", 4500
    cut.save()

    with pytest.raises(services.TermsChanged):
        submit(asks_new, booking, seen=seen)


def test_what_was_agreed_to_stays_when_the_policy_changes(asks_new, cut, ann):
    booking = submit(asks_new, hold(asks_new, cut, at(asks_new)))
    asks_new.deposit_cents = 5000

    booking = services.confirm_booking(business=asks_new, booking=booking, now=timezone.now(), card_on_file=True)

    late = booking.start_at - timedelta(hours=1)
    assert terms.cancellation_fee(consent=booking.consent, now=late) == 2000
    assert (
        services.cancel_booking(business=asks_new, booking=booking, by=SYSTEM, now=late).cancellation_fee_cents == 2000
    )


# Nobody's business -----------------------------------------------------------------------------


@pytest.mark.parametrize("deposit_for", ["new", "missed", "new_or_missed"])
def test_who_only_knows_an_address_learns_nothing_from_the_terms(asks_new, cut, ann, deposit_for):
    """The terms agreed to with a customer's address and another number are those of a stranger's address."""
    asks_new.deposit_for = deposit_for
    past(asks_new, cut, Status.COMPLETED, days=8)
    past(asks_new, cut, Status.NO_SHOW, days=9)

    customers = submit(asks_new, hold(asks_new, cut, at(asks_new)), OTHER_NUMBER).consent
    strangers = submit(
        asks_new, hold(asks_new, cut, at(asks_new, days=10)), replace(OTHER_NUMBER, email="nobody@example.com")
    ).consent

    assert told(customers) == told(strangers)


def told(consent):
    """What a customer can read off the terms: the amounts, and why."""
    return {name: value for name, value in consent.items() if name.endswith(("_cents", "_why"))}


def test_the_offer_is_the_same_whoever_has_typed_their_name(asks_new, cut, ann):
    make_customer("Bea Cole", "bea@example.com")
    past(asks_new, cut, Status.COMPLETED, days=8)
    booking = hold(asks_new, cut, at(asks_new))
    before = queries.offer_for(business=asks_new, booking=booking)

    booking = submit(asks_new, booking)

    assert queries.offer_for(business=asks_new, booking=booking) == before


# Mails -----------------------------------------------------------------------------------------


def test_the_confirmation_says_what_was_agreed_to(asks_new, cut, ann):
    asks_new.cancellation_fee_type, asks_new.cancellation_fee_percent = "percent", 50
    booking = make_booking(asks_new, cut, at(asks_new))
    cutoff = (booking.start_at - timedelta(hours=24)).astimezone(asks_new.zone)

    mail = Message.objects.get(kind="booking_confirmed")

    for body in (mail.text, mail.html):
        assert "$20.00 of the price is a deposit" in body
        assert (
            f"Cancelling is free until {cutoff:%a} {cutoff.day} {cutoff:%b}, 10:00; after that it costs $25.00." in body
        )
        assert "If you do not come, $20.00 is charged." in body


def test_a_moved_visit_tells_its_new_cutoff(asks_new, cut, ann):
    booking = make_booking(asks_new, cut, at(asks_new))
    services.reschedule_booking(
        business=asks_new, booking=booking, start=at(asks_new, "14:00"), by=SYSTEM, now=timezone.now()
    )
    cutoff = (at(asks_new, "14:00") - timedelta(hours=24)).astimezone(asks_new.zone)

    mail = Message.objects.get(kind="booking_rescheduled")

    assert f"until {cutoff:%a} {cutoff.day} {cutoff:%b}, 14:00; after that it costs $20.00." in mail.text


def test_a_cancelled_visit_needs_no_terms_any_more(asks_new, cut, ann):
    booking = make_booking(asks_new, cut, at(asks_new))
    services.cancel_booking(business=asks_new, booking=booking, by=SYSTEM, now=timezone.now())

    assert "What you agreed to" not in Message.objects.get(kind="booking_cancelled").text
