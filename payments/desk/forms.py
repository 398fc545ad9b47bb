"""What staff type beside a money button."""

from django import forms

from bookings.desk.forms import PressForm
from bookings.fields import MoneyField
from payments import queries, services


class ReasonForm(PressForm):
    """A press with a word about why; a correction needs one."""

    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, *args, correcting=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = correcting
        if correcting:
            self.fields["reason"].label = "Why is it marked differently?"

    def wish(self):
        """What the service is asked for."""
        return {"reason": self.cleaned_data["reason"]}


class CompletedForm(ReasonForm):
    """The final price and the tip."""

    field_order = ("price", "tip", "reason")

    def __init__(self, *args, correcting=False, **kwargs):
        super().__init__(*args, correcting=correcting, **kwargs)
        amount = {"currency": self.booking.currency_code, "max_cents": services.bound_of(self.booking)}
        self.fields["price"] = MoneyField(label="Final price", initial=self.booking.price_cents, **amount)
        self.fields["tip"] = MoneyField(required=False, **amount)
        if not correcting:
            self.fields["reason"].label = "Reason, if the price differs"
        self.order_fields(self.field_order)

    def wish(self):
        price = self.cleaned_data["price"]
        agreed = price == self.booking.price_cents
        typed = {"price_cents": None if agreed else price, "tip_cents": self.cleaned_data["tip"] or 0}
        return super().wish() | typed


class RefundForm(PressForm):
    """How much goes back, and why."""

    reason = forms.CharField(max_length=500, required=False)
    field_order = ("amount", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        payment = queries.payment_of(self.booking)
        left = payment.refundable
        # Bounded by all that was paid: how much is left, the service says under its lock.
        self.fields["amount"] = MoneyField(
            currency=left.currency, max_cents=payment.captured_cents + payment.gift_cents, initial=left.cents
        )
        self.order_fields(self.field_order)

    def clean_amount(self):
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError("Write how much goes back.")
        return self.cleaned_data["amount"]
