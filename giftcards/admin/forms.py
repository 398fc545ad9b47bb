"""What staff type about cards."""

from uuid import uuid5

from django import forms
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from bookings.admin.fields import MoneyField
from bookings.admin.forms import PressForm
from giftcards import rules

AMOUNT, PERCENT = "amount", "percent"
UP, DOWN = "up", "down"


def _text(label, most, **kwargs):
    return forms.CharField(label=label, max_length=most, required=False, widget=UnfoldAdminTextInputWidget(), **kwargs)


def _date(label, **kwargs):
    return forms.DateField(label=label, required=False, widget=UnfoldAdminSingleDateWidget(), **kwargs)


def _number(label, most, **kwargs):
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, widget=UnfoldAdminIntegerFieldWidget(), **kwargs
    )


class IssueForm(PressForm):
    """A new card, or several equal ones."""

    field_order = ("kind", "amount_cents", "discount_percent", "usage_limit", "quantity", "expiration_date")
    kind = forms.ChoiceField(
        label="The card is worth",
        choices=[(AMOUNT, "An amount of money"), (PERCENT, "A percentage off")],
        widget=UnfoldAdminSelectWidget(),
    )
    discount_percent = _number("Percent", 100, required=False, help_text="For a percentage off.")
    usage_limit = _number(
        "Good for so many visits",
        rules.MOST_USES,
        required=False,
        help_text="For a percentage off; empty is any number.",
    )
    quantity = _number("How many cards", rules.MOST_AT_ONCE, initial=1)
    expiration_date = _date("Good until", help_text="Its last day; empty is without end.")
    buyer_name = _text("From", 160)
    recipient_name = _text("For", 160)
    recipient_email = forms.EmailField(
        label="Their e-mail",
        required=False,
        widget=UnfoldAdminEmailInputWidget(),
        help_text="The card is mailed there. Empty, you print it or pass its code on.",
    )
    message = forms.CharField(
        label="A few words for them",
        max_length=500,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    deliver_on = _date("Mail it on", help_text="In the morning of that day; empty is at once.")
    note = _text("Note", 200, help_text="For staff only.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(timezone=self.business.zone)
        self.fields["amount_cents"] = MoneyField(
            currency=self.business.currency_code,
            label="Amount",
            required=False,
            max_cents=rules.MOST_CENTS,
            help_text="For an amount of money.",
        )
        self.fields["expiration_date"].initial = rules.last_day(self.today, self.business.gift_card_months)
        self.order_fields(self.field_order)

    def clean(self):
        data = super().clean()
        unwanted = ("discount_percent", "usage_limit") if data.get("kind") == AMOUNT else ("amount_cents",)
        for name in unwanted:
            data[name] = None
        if not self.errors:
            self._check(data)
        return data

    def _check(self, data):
        if not data.get("amount_cents") and not data.get("discount_percent"):
            name = "amount_cents" if data["kind"] == AMOUNT else "discount_percent"
            self.add_error(name, "Write what the card is worth.")
            return
        for name, sentence in rules.problems(today=self.today, **self.card(data)).items():
            self.add_error(name, sentence)
        if data["quantity"] > 1 and data["recipient_email"]:
            self.add_error("quantity", "Only one card is mailed at a time.")

    def card(self, data=None):
        """What `services.issue` takes."""
        return {
            name: value
            for name, value in (data or self.cleaned_data).items()
            if name not in ("kind", "quantity", "key")
        }

    def card_ids(self):
        """An id for each card: the form sent twice issues them once."""
        key = self.cleaned_data["key"]
        return [uuid5(key, f"card {number}") for number in range(self.cleaned_data["quantity"])]


class ReasonForm(PressForm):
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget())


class AdjustForm(ReasonForm):
    """A correction of the balance."""

    field_order = ("direction", "amount", "reason")
    direction = forms.ChoiceField(
        choices=[(DOWN, "Take money off the card"), (UP, "Put money on the card")], widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args, card, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"] = MoneyField(currency=card.currency_code, max_cents=rules.MOST_CENTS)
        self.order_fields(self.field_order)

    @property
    def cents(self):
        amount = self.cleaned_data["amount"]
        return amount if self.cleaned_data["direction"] == UP else -amount


class ProlongForm(PressForm):
    expiration_date = _date("Good until", help_text="Its last day; empty is without end.")

    def clean_expiration_date(self):
        day = self.cleaned_data["expiration_date"]
        if day and day < timezone.localdate(timezone=self.business.zone):
            raise forms.ValidationError("This day is over.")
        return day
