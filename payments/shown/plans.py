"""What a press will take, said before it is pressed."""

from dataclasses import dataclass
from datetime import datetime

from bookings import terms, words
from bookings.models import Status
from payments import amounts, queries, services
from payments.models import ActionKind
from payments.queries import card_of
from payments.shown.tables import DONE, card_of_booking
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Plan:
    """What a press will take, by the rule the press itself uses (`services.preview`), in words."""

    kind: str
    split: object
    version: str
    sentences: list
    currency: str
    by_visit: bool = False

    @property
    def text(self):
        return " ".join(self.sentences)

    @property
    def button(self):
        """What the button says: the amount, where one is charged or taken."""
        done = DONE[self.kind]
        if self.split.card_cents:
            return f"{done}: charge {Money(self.split.card_cents, self.currency)}"
        if self.split.cash_cents:
            return f"{done}: take {Money(self.split.cash_cents, self.currency)} at the salon"
        return done

    @property
    def let_go(self):
        """What the button says that takes no fee; "" where there is none to let go."""
        taken = self.split.due_cents - self.split.waived_cents
        if self.kind == ActionKind.COMPLETE or not taken:
            return ""
        if self.by_visit:
            return f"{DONE[self.kind]}: give the visit back"
        return f"{DONE[self.kind]}: let {Money(self.split.price_cents, self.currency)} go"


def plan_of(kind, booking, *, now, wish=None):
    """The Plan of a press. Raises what `services.preview` raises."""
    wish = wish or services.Wish()
    split = services.preview(kind=kind, booking=booking, now=now, wish=wish)
    sentences = [*_why(kind, booking, split, now), *_takes(kind, booking, split)]
    by_visit = kind != ActionKind.COMPLETE and split.discount_cents > 0
    version = services.version_of(split=split, booking=booking)
    return Plan(kind, split, version, sentences, booking.currency_code, by_visit)


def _why(kind, booking, split, now):
    """Where the fee comes from; nothing where a price is due."""
    if kind == ActionKind.COMPLETE:
        return []
    if not booking.consent:
        return ["No fee was agreed to for this visit."]
    what = "not coming" if kind == ActionKind.NO_SHOW else "cancelling now"
    if booking.status == Status.CANCELED:
        what = "cancelling when they did"
    costs = f"costs {Money(split.price_cents, booking.currency_code)}" if split.price_cents else "is free"
    return [f"By the terms the customer accepted, {what} {costs}."]


def _takes(kind, booking, split):
    def money(cents):
        return Money(cents, booking.currency_code)

    said = []
    if split.tip_cents:
        said.append(f"{money(split.price_cents)} and a tip of {money(split.tip_cents)}.")
    if split.discount_cents:
        said.append(_taken_off(kind, booking, money(split.discount_cents)))
    if split.gift_cents:
        said.append(f"The gift card pays {money(split.gift_cents)}.")
    if split.card_cents:
        fee = money(services.platform_fee(split=split))
        said.append(f"{money(split.card_cents)} will be charged to {card_of_booking(booking)}. Platform fee {fee}.")
        return said
    if split.cash_cents:
        return [*said, _at_the_till(booking, money(split.cash_cents))]
    if split.waived_cents:
        much = "much" if split.waived_cents > amounts.MOST else "little"
        why = f"This is too {much} to charge" if card_of(booking) else "No card on file"
        return [*said, f"{why}: {money(split.waived_cents)} is let go; nothing is charged."]
    if kind == ActionKind.COMPLETE and not split.due_cents:
        return ["There is nothing to pay; nothing is charged."]
    return [*said, "Nothing is charged."]


def _taken_off(kind, booking, amount):
    """What the gift card takes off; of a package, the visit that is used up."""
    reserved = queries.gift_of(booking)
    if reserved is None or not reserved.card.is_package:
        return f"The gift card takes {amount} off."
    used = words.count(reserved.uses, "visit", "visits")
    left = words.count(reserved.card.visits_left, "is", "are")
    instead = "" if kind == ActionKind.COMPLETE else " instead of the fee"
    verb = "is" if reserved.uses == 1 else "are"
    return f"{used} of the package {reserved.card} {verb} used up{instead}; {left} left."


def _at_the_till(booking, amount):
    why = "This is too little for the card" if card_of(booking) else "No card on file"
    return f"{why}: take {amount} at the salon; nothing is charged."


def held_sentence(booking):
    """What happens to money that is held on the card; "" where none is."""
    hold = queries.held_for(booking)
    if hold is None:
        return ""
    until = f" until {words.when(hold.capture_before.astimezone(booking.zone))}" if hold.capture_before else ""
    held = Money(hold.amount_cents, hold.currency_code)
    return f"{held} is held on the card{until}. It is used for what is charged; the rest is given up."


def free_sentence(booking, now):
    """Until when cancelling was free, where it no longer is."""
    if not booking.consent or not terms.cancellation_fee(consent=booking.consent, now=now):
        return ""
    ended = datetime.fromisoformat(booking.consent["free_until"]).astimezone(booking.zone)
    return f"Cancelling was free until {words.when(ended)}."
