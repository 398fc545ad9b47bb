"""Reads of money for the API."""

from django.db.models import Prefetch

from bookings import queries
from bookings.api.reads import with_people
from giftcards.models import GiftReservation
from payments.models import (
    CardSetup,
    CardSetupStatus,
    MoneyAction,
    Payment,
)


def bookings_with_money():
    """Bookings with all that has to do with their money; how many queries does not depend on how much there is."""
    bookings = with_people(queries.bookings_for_staff()).select_related("card_setup")
    return bookings.prefetch_related(
        Prefetch("payments", queryset=payments()),
        Prefetch("gift_reservations", queryset=GiftReservation.objects.select_related("card").order_by("-created_at")),
        "card_holds",
        "money_actions",
        "ledger_entries",
    )


def pressable():
    """Bookings as a button needs them."""
    return queries.bookings_for_staff().prefetch_related(None).select_related("card_setup")


def payments():
    return Payment.objects.prefetch_related("refunds", "disputes")


def cards():
    return (
        CardSetup.objects.filter(status=CardSetupStatus.SUCCEEDED).select_related("booking").order_by("-succeeded_at")
    )


def action(pk):
    """A money action as it stands now, with its booking and payment."""
    return MoneyAction.objects.select_related("booking__card_setup", "payment").get(pk=pk)
