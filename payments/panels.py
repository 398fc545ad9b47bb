"""What the customer's page of one visit says about its money: card, hold, what was paid, what waits for them."""

from dataclasses import dataclass, field

from django.urls import reverse

from bookings import words
from bookings.models import Status
from bookings.views.shown import Panel
from payments import bills, links, queries, receipt_paper, wording
from payments.models import STOPPED, ActionKind


@dataclass(frozen=True, slots=True)
class MoneyShown:
    """`lines` are facts; `held` and `waiting` whole sentences, empty where there is nothing to say."""

    lines: list = field(default_factory=list)
    card: str = ""
    card_good_until: str = ""
    card_runs_out: bool = False
    held: str = ""
    waiting: str = ""
    pay_url: str = ""
    card_url: str = ""
    kept: bool = False
    again_url: str = ""
    receipts: list = field(default_factory=list)


def of_visit(*, booking, token, now):
    """The Panel of a visit. Seven queries at most."""
    setup, payment, action = queries.card_of(booking), queries.payment_of(booking), queries.open_action(booking)
    waiting = action is not None and action.state in STOPPED
    changeable = queries.can_replace_card(booking)
    kept = queries.kept_cards_of(booking).exists()
    lines = bills.paid(payment) if payment else []
    return Panel(
        "payments/_visit.html",
        MoneyShown(
            lines=lines,
            card=wording.card_name(setup) if setup and changeable else "",
            card_good_until=wording.expiry(setup) if setup else "",
            card_runs_out=bool(setup and booking.is_open and wording.expires_before(setup, booking.local_date)),
            held=held_sentence(queries.held_for(booking), booking) if setup and booking.is_open else "",
            waiting=f"{action.amount} could not be charged to your card." if waiting else "",
            pay_url=reverse("payments:pay", args=[links.pay_token(booking)]) if waiting else "",
            card_url=reverse("payments:card", args=[token]) if changeable or kept else "",
            kept=kept,
            receipts=receipt_links(booking, token) if lines else [],
            again_url=reverse("payments:again", args=[token]) if booking.status != Status.PENDING else "",
        ),
    )


def receipt_links(booking, token):
    """(address, words) of every paper there is of the visit's money."""
    return [
        (
            reverse("payments:receipt", args=[token, action.pk]),
            f"Receipt of the refund of {action.amount}" if action.kind == ActionKind.REFUND else "Receipt",
        )
        for action in receipt_paper.of_booking(booking)
    ]


def held_sentence(hold, booking):
    """That money is held and none has been taken; empty without a hold."""
    if hold is None:
        return ""
    until = f", at most until {words.when(hold.capture_before.astimezone(booking.zone))}" if hold.capture_before else ""
    return f"{hold.amount} is held on your card for this visit{until}. It is kept ready: nothing has been taken."
