"""What somebody asks the list of members, a plan as it is typed, and how a membership is ended."""

from django import forms

from bookings.fields import MoneyField
from bookings.models import Service
from bookings.queries import ON_THE_MENU
from memberships.models import MembershipState
from memberships.services.plans import MOST_VISITS
from payments import amounts

STATES = (
    ("", "All"),
    (MembershipState.ACTIVE.value, "Active"),
    (MembershipState.PAST_DUE.value, "Not paid"),
    (MembershipState.CANCELLED.value, "Ended"),
)


class MembersForm(forms.Form):
    """Asked by GET; what is no choice narrows nothing."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label="Name or address", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="f_%s", **kwargs)

    def asked(self):
        """How `memberships.queries.members` is asked."""
        self.is_valid()
        return {"state": self.cleaned_data.get("state", ""), "q": self.cleaned_data.get("q", "").strip()}


class PlanForm(forms.Form):
    use_required_attribute = False

    name = forms.CharField(
        label="Name", max_length=80, error_messages={"required": "Give the membership a name, like “Monthly cut”."}
    )
    description = forms.CharField(
        label="About it", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    included_visits = forms.IntegerField(
        label="Visits a month",
        min_value=1,
        max_value=MOST_VISITS,
        help_text="Paid for by the membership. What is not used in a month is not carried over.",
    )
    is_active = forms.BooleanField(
        label="Customers can join", required=False, help_text="Switched off, members who are there stay members."
    )

    def __init__(self, data=None, *, currency, plan=None):
        initial = {"is_active": True, "included_visits": 1}
        if plan:
            initial = {name: getattr(plan, name) for name in (*self.base_fields, "price_cents")}
            initial["services"] = [str(service.pk) for service in plan.services.all()]
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["price_cents"] = MoneyField(
            currency=currency,
            max_cents=amounts.MOST,
            label=f"Price a month in {currency}",
            error_messages={"required": "Please write what a month costs."},
        )
        self.rows = {
            str(row.pk): row for row in Service.objects.filter(active=True, deleted_at=None).order_by(*ON_THE_MENU)
        }
        self.fields["services"] = forms.MultipleChoiceField(
            label="The visits are good for",
            choices=[(key, row.name) for key, row in self.rows.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choose at least one service the included visits are good for."},
        )
        self.order_fields(["name", "price_cents", "included_visits", "services", "description", "is_active"])

    def asked(self):
        """How `memberships.services` is asked."""
        data = self.cleaned_data
        fields = {name: value for name, value in data.items() if name != "services"}
        return {"fields": fields, "services": [self.rows[key] for key in data["services"]]}


class EndForm(forms.Form):
    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label="When it ends",
        choices=[(LATER, "With the month that is paid for"), (NOW, "Now")],
        widget=forms.RadioSelect,
        initial=LATER,
    )
