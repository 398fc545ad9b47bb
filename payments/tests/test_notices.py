"""What the team is told of money: a payment that somebody has to look after."""

import pytest

from audit import actors
from bookings.tests.factories import at
from messaging.models import Notice
from payments import services
from payments.models import MoneyAction
from payments.tests.making import book, with_fees
from payments.tests.test_services_charges import ASKS, DECLINES, press


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (DECLINES, "The card of Anna Berg was not charged for Cut."),
        (ASKS, "The bank of Anna Berg wants them to confirm the payment for Cut."),
    ],
    ids=["declined", "asks"],
)
def test_a_charge_that_stopped_is_told_to_the_others(card, words, salon, cut, ann, account, by, owner, staff):
    booking = book(with_fees(salon), cut, at(salon), account, card=card)
    Notice.objects.all().delete()

    press(services.no_show, salon, booking, by)

    found = Notice.objects.values_list("reader_id", "event", "permission", "about_id", "words")
    assert MoneyAction.objects.get().state in ("failed", "needs_customer")
    told = {(person.pk, "payment_stopped", "view_money", booking.pk, words) for person in (owner, staff)}
    assert set(found) == told
