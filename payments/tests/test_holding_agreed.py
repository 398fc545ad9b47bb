"""A near visit's price is held where the customer has agreed to that, whatever the salon wants today."""

import pytest
from django.utils import timezone

from bookings.tests.factories import at
from payments.models import CardHold
from payments.services import holding
from payments.tests.making import book


@pytest.mark.parametrize(("then", "now", "held"), [(True, True, 1), (False, True, 0), (True, False, 0)])
def test_a_hold_is_placed_where_it_was_agreed_to_and_is_still_wanted(salon, account, cut, ann, then, now, held):
    salon.hold_near_visits = then
    book(salon, cut, at(salon, days=2), account)
    salon.hold_near_visits = now

    assert holding.place_due(business=salon, now=timezone.now()) == held

    assert list(CardHold.objects.values_list("amount_cents", "state")) == [(5000, "held")] * held
