"""Step 9: a set of terms, ready or one's own, and the rules of booking."""

from django import forms

from bookings import queries, words
from bookings.admin.fields import LengthField, MoneyField
from bookings.api.settings_asked import MAX_CENTS
from bookings.services.policies import POLICIES
from bookings.settings_rules import PRESETS, policy_conflicts, preset
from bookings.settings_rules.limits import DAY
from tenants.models import Business, FeeType

OWN = "own"
#: The columns of one's own terms; every other policy stays as it is.
COLUMNS = (
    "cancellation_window_hours",
    "cancellation_fee_type",
    "cancellation_fee_percent",
    "cancellation_fee_cents",
    "cancellation_text",
    "no_show_fee_type",
    "no_show_fee_percent",
    "no_show_fee_cents",
    "no_show_text",
    "refund_text",
)
AMOUNTS = ("cancellation_fee_percent", "cancellation_fee_cents", "no_show_fee_percent", "no_show_fee_cents")
BOOKING = ("min_notice_min", "horizon_days", "slot_step_min", "auto_confirm")
STEPS = (5, 10, 15, 20, 30, 45, 60)
FEES = ((FeeType.NONE, "No fee"), (FeeType.PERCENT, "A share of the price"), (FeeType.FIXED, "A fixed amount"))


def _number(label, lowest, highest, *, hint="", required=True):
    sentence = f"Write a whole number from {lowest} to {highest}."
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=required,
        min_value=lowest,
        max_value=highest,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


def _share():
    return _number("Percent of the price", 0, 100, required=False)


def _fee(label):
    return forms.ChoiceField(label=label, choices=FEES)


def _text(label):
    return forms.CharField(label=label, required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))


class PoliciesForm(forms.Form):
    """One of the ready sets of terms, or one's own; and the booking rules, as they are until they are changed.

    The fields of one's own terms are read only where “own” is chosen. What else is in them neither counts nor is refused.
    """

    terms = forms.ChoiceField(
        label="What customers agree to",
        choices=[*((each.name, each.label) for each in PRESETS), (OWN, "Our own terms")],
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose what customers agree to."},
    )
    cancellation_window_hours = _number(
        "Free until (hours before the start)", 0, 720, hint="0 is until the visit starts."
    )
    cancellation_fee_type = _fee("Cancelling after that costs")
    cancellation_fee_percent = _share()
    cancellation_text = _text("What you say about cancelling")
    no_show_fee_type = _fee("Not coming costs")
    no_show_fee_percent = _share()
    no_show_text = _text("What you say about not coming")
    refund_text = _text("What you say about refunds")

    min_notice_min = LengthField(
        label="Notice",
        max_min=730 * DAY,
        help_text="How long before the start customers must book: 45 min, 2 h or 1 day; 0 is until the last minute.",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Please write a length like 45 min, 2 h or 1 day; 0 is none."},
    )
    horizon_days = _number("Days ahead", 1, 730, hint="How far ahead customers can book.")
    slot_step_min = forms.TypedChoiceField(
        label="Offer a start every", coerce=int, help_text="A service may have its own."
    )
    auto_confirm = forms.BooleanField(
        label="Confirm bookings automatically",
        required=False,
        help_text="Without it every online booking waits until you confirm it.",
    )

    #: Fields that stand side by side.
    halves = ("min_notice_min", "horizon_days", "slot_step_min")
    #: Fields that are asked for by the kind of a fee.
    amounts = AMOUNTS

    def __init__(self, data=None, *, business, suggested):
        """`suggested` names the terms to begin with while the salon has said nothing about its own."""
        self.business, untouched = business, is_untouched(business)
        own = {name: getattr(business, name) for name in (*COLUMNS, *BOOKING)}
        own |= preset(suggested).columns if untouched else {}
        own |= {name: own[name] or None for name in AMOUNTS}
        super().__init__(data, initial=own | {"terms": suggested if untouched else terms_of(business)})
        for name in ("cancellation_fee", "no_show_fee"):
            self.fields[f"{name}_cents"] = MoneyField(
                currency=business.currency_code,
                max_cents=MAX_CENTS,
                label=f"Amount in {business.currency_code}",
                required=False,
                widget=forms.NumberInput({"inputmode": "decimal"}),
                error_messages=money_sentences(business.money(MAX_CENTS)),
            )
        steps = sorted({*STEPS, business.slot_step_min})
        self.fields["slot_step_min"].choices = [(minutes, words.length(minutes)) for minutes in steps]

    def clean(self):
        for name in self._not_asked():
            self.errors.pop(name, None)
            self.cleaned_data[name] = None
        if not self.errors and self.cleaned_data["terms"] == OWN:
            own = queries.as_if(business=self.business, columns=own_columns(self.cleaned_data))
            for name, sentence in policy_conflicts(own).items():
                self.add_error(name if name in self.fields else None, sentence)
        return self.cleaned_data

    def _not_asked(self):
        """The fields that do not count by what is chosen."""
        if self.cleaned_data.get("terms") != OWN:
            return COLUMNS
        kinds = ((FeeType.PERCENT, "percent"), (FeeType.FIXED, "cents"))
        return [
            f"{fee}_{name}"
            for fee in ("cancellation_fee", "no_show_fee")
            for kind, name in kinds
            if self.cleaned_data.get(f"{fee}_type") != kind
        ]

    def own_fields(self):
        return [self[name] for name in COLUMNS]

    def booking_fields(self):
        return [self[name] for name in BOOKING]

    def policies(self):
        data = self.cleaned_data
        return own_columns(data) if data["terms"] == OWN else dict(preset(data["terms"]).columns)

    def booking(self):
        return {name: self.cleaned_data[name] for name in BOOKING}

    def shown_terms(self):
        """One's own terms: as typed, as the form started where others are chosen, None where they cannot be read."""
        if self["terms"].value() != OWN or not self.is_bound:
            return own_columns(self.initial)
        return own_columns(self.cleaned_data) if self.is_valid() else None


def own_columns(data):
    return {name: 0 if data[name] is None else data[name] for name in COLUMNS}


def money_sentences(most):
    return {
        "invalid": "Write an amount like 50 or 49.90.",
        "min_value": "Write an amount that is not below zero.",
        "max_value": f"Write at most {most}.",
        "max_digits": f"Write at most {most}.",
        "max_whole_digits": f"Write at most {most}.",
        "max_decimal_places": "This amount has more decimal places than the currency.",
    }


def is_untouched(business):
    """Whether every policy is as a new salon has it."""
    return all(getattr(business, name) == Business._meta.get_field(name).get_default() for name in POLICIES)


def terms_of(business):
    """The ready terms the salon has, else OWN."""
    same = (
        each.name for each in PRESETS if all(getattr(business, name) == value for name, value in each.columns.items())
    )
    return next(same, OWN)
