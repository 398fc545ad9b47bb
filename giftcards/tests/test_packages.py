"""A package and a booking: what it is good for, how many visits it takes, what comes back."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.models import Status
from bookings.services import cancel_booking, reschedule_booking
from bookings.tests.factories import DETAILS, at, hold, make_booking, make_member, make_service, submit, visit
from giftcards import queries, services, shown
from giftcards.models import GiftCard, GiftReservation
from giftcards.tests.making import code, ledger, make_card, make_package, reserve, uses


@pytest.fixture
def color(salon, ann):
    color = make_service("Color", cents=9000)
    color.team.add(ann)
    return color


def test_a_package_takes_one_of_its_visits(salon, booking, cut):
    package = make_package(cut)

    made = reserve(salon, booking, package)

    assert (made.cents, made.percent, made.uses, uses(package)) == (0, 100, 1, 1)
    assert queries.part_for(booking, price_cents=5000).rest_cents == 0
    assert (shown.worth(package), shown.left(GiftCard.objects.get(pk=package.pk))) == ("5 × Cut", "4 of 5 visits")
    assert shown.good_for(package) == "Good for Cut."


def test_a_package_does_not_pay_for_another_service(salon, ann, cut, color):
    package, booking = make_package(cut), make_booking(salon, color, at(salon))

    with pytest.raises(services.NotForThisVisit, match=r"Your card is good for Cut only\.") as refused:
        reserve(salon, booking, package)

    assert (refused.value.code, uses(package)) == ("gift_card_not_for_this", 0)
    assert not GiftReservation.objects.exists()
    assert queries.offer(code=code(package), price_cents=9000, business=salon, now=timezone.now(), booking=booking) == (
        None,
        None,
    )


def test_a_visit_with_one_other_service_is_not_covered(salon, ann, cut, color):
    package = make_package(cut)
    booking = hold(salon, visit(cut, color), at(salon))

    with pytest.raises(services.NotForThisVisit):
        reserve(salon, booking, package)

    assert uses(package) == 0


def test_every_service_counts_for_every_guest(salon, ann, cut, color):
    package = make_package(cut, color)
    booking = hold(salon, visit(cut, color), at(salon))

    made = reserve(salon, booking, package)

    assert (made.uses, uses(package)) == (2, 2)
    services.release(booking=booking, now=timezone.now())
    assert uses(package) == 0


def test_a_package_with_too_few_visits_says_how_many_are_left(salon, ann, cut, color):
    package = make_package(cut, color, visits=1)
    booking = hold(salon, visit(cut, color), at(salon))

    with pytest.raises(services.TooFewVisits, match=r"this one takes 2 of your package, and 1 is left\."):
        reserve(salon, booking, package)

    assert uses(package) == 0


@pytest.mark.parametrize("ill", ["used up", "off", "expired"])
def test_a_code_that_is_good_for_nothing_says_nothing_of_services(salon, ann, cut, color, ill):
    fields = {"expiration_date": at(salon, days=-3).date()} if ill == "expired" else {}
    package = make_package(cut, visits=1, **fields)
    booking = make_booking(salon, color, at(salon))
    if ill == "off":
        services.disable(card=package, reason="Lost", by=SYSTEM, now=timezone.now())
    if ill == "used up":
        reserve(salon, make_booking(salon, cut, at(salon, "14:00")), package)

    with pytest.raises(services.GiftCardInvalid) as refused:
        reserve(salon, booking, package)

    assert refused.value.code == "gift_card_invalid"


def test_another_salons_package_is_no_code_here(salon, other_salon, booking):
    with tenant_context(other_salon):
        foreign = code(make_package(make_service("Cut")))

    with pytest.raises(services.GiftCardInvalid) as refused:
        services.reserve(booking=booking, code=foreign, business=salon, now=timezone.now())

    assert refused.value.code == "gift_card_invalid"


def test_a_renamed_or_dearer_service_is_still_paid_by_a_sold_package(salon, ann, cut):
    package = make_package(cut)
    cut.name, cut.price_cents = "Cut & finish", 8000
    cut.save()

    made = reserve(salon, make_booking(salon, cut, at(salon)), package)

    assert made.percent == 100
    assert shown.good_for(package) == "Good for Cut & finish."


def test_a_moved_visit_keeps_its_package(salon, booking, cut):
    package = make_package(cut)
    made = reserve(salon, booking, package)

    reschedule_booking(business=salon, booking=booking, start=at(salon, "15:00"), by=SYSTEM, now=timezone.now())

    assert queries.reservation_of(booking) == made
    assert uses(package) == 1


def test_a_visit_called_off_in_time_gives_its_visit_back(salon, booking, cut):
    package = make_package(cut)
    reserve(salon, booking, package)

    cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert uses(package) == 0
    assert [kind for kind, *_ in ledger(package)] == ["issue", "reserve", "release"]


def test_what_was_redeemed_is_reserved_again_by_a_correction_only_where_it_is_covered(salon, booking, cut, color):
    package = make_package(cut)
    reserve(salon, booking, package)
    services.redeem(booking=booking, cents=0, action_id=uuid4(), now=timezone.now(), by=SYSTEM)

    assert queries.reservable_again(booking, day=at(salon).date()).uses == 1

    GiftCard.objects.filter(pk=package.pk).update(service_ids=[color.pk])
    assert queries.reservable_again(booking, day=at(salon).date()) is None


def test_taking_back_uses_up_what_is_left(salon, booking, cut):
    package = make_package(cut)
    reserve(salon, booking, package)
    how = {"card": package, "reason": "Sold by mistake", "by": SYSTEM, "now": timezone.now()}

    assert services.take_back(**how) == 4
    assert services.take_back(**how) == 0
    assert (uses(package), GiftCard.objects.get(pk=package.pk).is_active) == (5, False)

    services.hand_back(**how, visits=4)
    assert (uses(package), GiftCard.objects.get(pk=package.pk).is_active) == (1, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"discount_percent": 100},
        {"discount_percent": 50, "usage_limit": 5},
        {"amount_cents": 5000},
    ],
    ids=("not counted", "not in full", "an amount"),
)
def test_a_package_is_counted_and_pays_in_full(salon, wrong):
    with pytest.raises(services.NotIssuable):
        make_raw(title="5 × Cut", **wrong)

    assert not GiftCard.objects.exists()


def test_the_table_refuses_a_package_that_is_not_counted(salon, cut):
    package = make_package(cut)

    with pytest.raises(IntegrityError, match="gift_package_is_counted"), transaction.atomic():
        GiftCard.objects.filter(pk=package.pk).update(usage_limit=None)


def test_a_card_for_some_services_that_is_no_package(salon, booking, cut, color):
    card = make_card(percent=20, service_ids=[color.pk])

    with pytest.raises(services.NotForThisVisit):
        reserve(salon, booking, card)


def make_raw(**fields):
    return services.issue(currency_code="USD", by=SYSTEM, now=timezone.now(), **fields)


def test_a_party_takes_one_for_each(salon, cut):
    cut.allow_group_booking, cut.max_group_size, cut.shared_session = True, 3, False
    cut.save()
    make_member("Bea", performs=[cut])
    make_member("Cleo", performs=[cut])
    booking = submit(salon, hold(salon, cut, at(salon), party_size=2), DETAILS)
    package = make_package(cut)

    made = reserve(salon, booking, package)

    assert (booking.status, made.uses, uses(package)) == (Status.PENDING, 2, 2)
