"""Step 10: gift cards on the booking page, and some to hand out now."""

import uuid

from django import forms
from django.utils import timezone

from bookings import words
from bookings.admin.fields import MoneyField
from giftcards import rules
from onboarding.forms.policies import money_sentences

NO_CARDS, AMOUNT, PERCENT = "none", "amount", "percent"
KINDS = ((NO_CARDS, "None now"), (AMOUNT, "Cards worth an amount"), (PERCENT, "Cards with a percentage off"))
MONTHS = (0, 6, 12, 24, 36, 60)


def _number(label, most, hint="", **more):
    sentence = f"Write a whole number from 1 to {most}."
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=1,
        max_value=most,
        required=False,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
        widget=forms.NumberInput({"inputmode": "numeric"}),
        **more,
    )


def months_in_words(months):
    years, rest = divmod(months, 12)
    if not months:
        return "Without end"
    return words.count(months, "month", "months") if rest else words.count(years, "year", "years")


class GiftCardsForm(forms.Form):
    """Two questions. The fields of a kind of card are read only where that kind is chosen.

    `key` was made with the page: pressed twice, it is still one press.
    """

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    sell_gift_cards = forms.BooleanField(
        label="Sell gift cards on your booking page",
        required=False,
        help_text="Customers choose an amount and pay by card; the gift card is mailed to whom they like.",
    )
    gift_card_months = forms.TypedChoiceField(label="A sold card is good for", coerce=int)
    kind = forms.ChoiceField(
        label="Gift cards to hand out now",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose which cards you want now, or none."},
    )
    discount_percent = _number("Percent off", 100)
    usage_limit = _number("Good for so many visits", rules.MOST_USES, "Empty is any number.", initial=1)
    amount_quantity = _number("How many cards", rules.MOST_AT_ONCE, initial=1)
    percent_quantity = _number("How many cards", rules.MOST_AT_ONCE, initial=1)
    amount_until = forms.DateField(
        label="Good until", required=False, help_text="Empty is without end.", widget=forms.DateInput({"type": "date"})
    )
    percent_until = forms.DateField(
        label="Good until", required=False, help_text="Empty is without end.", widget=forms.DateInput({"type": "date"})
    )

    #: What has to be written where it is asked for.
    needed = ("amount_cents", "amount_quantity", "discount_percent", "percent_quantity")
    of_kind = {
        AMOUNT: ("amount_cents", "amount_quantity", "amount_until"),
        PERCENT: ("discount_percent", "usage_limit", "percent_quantity", "percent_until"),
    }

    def __init__(self, data=None, *, business):
        self.business, self.today = business, timezone.localdate(timezone=business.zone)
        until = rules.last_day(self.today, business.gift_card_months)
        super().__init__(
            data,
            initial={
                "sell_gift_cards": business.sell_gift_cards,
                "gift_card_months": business.gift_card_months,
                "kind": NO_CARDS,
                "amount_until": until and until.isoformat(),
                "percent_until": until and until.isoformat(),
            },
        )
        self.fields["amount_cents"] = MoneyField(
            currency=business.currency_code,
            max_cents=rules.MOST_CENTS,
            label=f"Amount in {business.currency_code}",
            required=False,
            widget=forms.NumberInput({"inputmode": "decimal"}),
            error_messages=money_sentences(business.money(rules.MOST_CENTS)),
        )
        self.fields["gift_card_months"].choices = [
            (months, months_in_words(months)) for months in sorted({*MONTHS, business.gift_card_months})
        ]

    def clean(self):
        data = self.cleaned_data
        for kind, names in self.of_kind.items():
            if data.get("kind") != kind:
                for name in names:
                    self.errors.pop(name, None)
        if not self.errors and data["kind"] != NO_CARDS:
            self._check(data["kind"])
        return data

    def _check(self, kind):
        worth, *_, quantity, until = self.of_kind[kind]
        if not self.cleaned_data[worth]:
            self.add_error(worth, "Write what a card is worth.")
        if not self.cleaned_data[quantity]:
            self.add_error(quantity, "Write how many cards you want.")
        if not self.errors:
            for name, sentence in rules.problems(today=self.today, **self._card()).items():
                self.add_error(until if name == "expiration_date" else name, sentence)

    def choices_of_kind(self):
        """The kinds of card with the fields that belong to each."""
        return [
            {"option": option, "fields": [self[name] for name in self.of_kind.get(value, ())]}
            for option, (value, _) in zip(self["kind"], KINDS, strict=True)
        ]

    def selling(self):
        return {name: self.cleaned_data[name] for name in ("sell_gift_cards", "gift_card_months")}

    def cards(self):
        """What `services.save_gift_cards` takes."""
        return [] if self.cleaned_data["kind"] == NO_CARDS else [self._card()]

    def renew(self):
        """Make the next press another one: this form's has issued other cards already."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())

    def _card(self):
        data = self.cleaned_data
        if data["kind"] == AMOUNT:
            worth = {"amount_cents": data["amount_cents"]}
        else:
            worth = {"discount_percent": data["discount_percent"], "usage_limit": data["usage_limit"]}
        kind = data["kind"]
        return worth | {"quantity": data[f"{kind}_quantity"], "expiration_date": data[f"{kind}_until"]}
