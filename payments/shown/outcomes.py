"""What a press has done, said after it."""

from payments import services
from payments.models import ActionKind, ActionState
from payments.shown.tables import DONE, card_of_booking
from tenants.money import Money


def outcome(action, booking, now):
    """(sentence, message level) of a press that takes money."""
    done = DONE[action.kind]
    match action.state:
        case ActionState.SUCCEEDED:
            return " ".join(_happened(action, booking, done)), "SUCCESS"
        case ActionState.FAILED:
            again = services.may_retry(action=action, now=now)
            next_step = (
                "Press Try again, or ask for another card."
                if again
                else "Ask for another card, or take it at the salon."
            )
            return f"{done}, but the charge failed: {action.last_error}. {next_step}", "ERROR"
        case ActionState.NEEDS_CUSTOMER:
            return (
                f"{done}, but the bank wants the customer to confirm {action.amount}. Nothing is charged yet.",
                "WARNING",
            )
        case ActionState.ABANDONED:
            return f"{done}. The charge was given up; see below how it was settled.", "INFO"
    return f"{done}. Stripe did not answer; {action.amount} will be finished in the background.", "WARNING"


def _happened(action, booking, done):
    def money(cents):
        return Money(cents, action.currency_code)

    if action.payment_intent_id:
        said = [f"{done}: {action.amount} charged to {card_of_booking(booking)}."]
    else:
        said = [f"{done}. Nothing was charged."]
    if action.gift_cents:
        said.append(f"The gift card paid {money(action.gift_cents)}.")
    if action.cash_cents:
        said.append(f"Take {money(action.cash_cents)} at the salon.")
    if action.waived_cents:
        said.append(f"{money(action.waived_cents)} was let go.")
    return said


def refund_outcome(action, booking):
    """(sentence, message level) of a pressed Refund."""
    if action.state == ActionState.SUCCEEDED:
        return f"{_refunded(action, booking)}.", "SUCCESS"
    if action.state in (ActionState.FAILED, ActionState.ABANDONED):
        return f"The refund failed: {action.last_error}", "ERROR"
    return f"Stripe did not answer; the refund of {action.amount} will be finished in the background.", "WARNING"


def _refunded(action, booking):
    gift = Money(action.gift_cents, action.currency_code)
    if not action.amount_cents:
        return f"{gift} given back to the gift card"
    text = f"{action.amount} refunded to {card_of_booking(booking)}"
    return f"{text}, {gift} to the gift card" if action.gift_cents else text


def cash_outcome(action):
    """(sentence, message level) of Paid in cash and of Let it go."""
    if action.state == ActionState.SUCCEEDED:
        if action.waived_cents:
            return f"{Money(action.waived_cents, action.currency_code)} was let go. Nothing was charged.", "SUCCESS"
        return (
            f"{Money(action.cash_cents, action.currency_code)} taken at the salon. The card was not charged.",
            "SUCCESS",
        )
    if action.state == ActionState.ABANDONED:
        return "The card had been charged after all: take nothing at the salon.", "ERROR"
    return "Stripe did not answer; the card’s payment will be given up in the background.", "WARNING"


def action_line(action):
    """`Completed $85.00`; the parts beside the card's where there are any."""
    if action.kind == ActionKind.RETRY:
        return action.get_kind_display()
    shown = {
        ActionKind.REFUND: action.amount_cents + action.gift_cents,
        ActionKind.CASH: action.cash_cents + action.waived_cents,
    }.get(action.kind, action.price_cents + action.tip_cents)
    name = "Let go" if action.kind == ActionKind.CASH and action.waived_cents else action.get_kind_display()
    return f"{name} {Money(shown, action.currency_code)}"
