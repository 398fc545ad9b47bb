"""What somebody asks a list of visits."""

from django import forms

from bookings import queries
from bookings.models import Service, Status, TeamMember
from bookings.queries import CLOSABLE
from payments.queries import by_money
from tenants import policies
from tenants.permissions import Permission

WHEN = (
    ("", "Any time"),
    ("today", "Today"),
    ("tomorrow", "Tomorrow"),
    ("week", "This week"),
    ("coming", "From now on"),
    ("past", "Past"),
    ("unclosed", "Past, not yet closed"),
)
MONEY = (
    ("", "Any payment"),
    ("fee_due", "Fee due"),
    ("unfinished", "To finish"),
    ("disputed", "Disputed"),
    ("paid", "Paid"),
    ("refunded", "Given back"),
)
AHEAD = ("today", "tomorrow", "week", "coming", "unclosed")
SHOWN = (Status.PENDING, *CLOSABLE, Status.COMPLETED, Status.NO_SHOW, Status.CANCELED)


def day(label):
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class VisitsForm(forms.Form):
    """Asked by GET. What is not a choice is left out of the question; what `membership` may not see is none."""

    when = forms.ChoiceField(choices=WHEN, required=False)
    status = forms.ChoiceField(
        choices=[("", "Any state"), *((status.value, status.label) for status in SHOWN)], required=False
    )
    person = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)
    money = forms.ChoiceField(choices=MONEY, required=False)
    first = day("From")
    last = day("To")
    q = forms.CharField(
        label="Who",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Reference, name, mail or phone"}),
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.sees_customers = policies.may(membership, Permission.VIEW_CUSTOMERS)
        if not self.sees_customers:
            self.fields["q"].widget.attrs["placeholder"] = "Reference or name"
        if not policies.may(membership, Permission.VIEW_MONEY):
            del self.fields["money"]
        people = [(str(member.pk), member.name) for member in TeamMember.objects.all()]
        services = [(str(pk), name) for pk, name in Service.objects.values_list("pk", "name")]
        self.fields["person"].choices = [("", "Anybody"), *people]
        self.fields["service"].choices = [("", "Any service"), *services]

    def narrowed(self, visits, *, today, now):
        """Those of `visits` that were asked for; what cannot be read narrows nothing, and is said beside its field."""
        self.is_valid()
        asked = self.cleaned_data
        visits = queries.visits_when(visits, asked.get("when"), today=today, now=now)
        for name, column in (
            ("status", "status"),
            ("first", "local_date__gte"),
            ("last", "local_date__lte"),
        ):
            if asked.get(name):
                visits = visits.filter(**{column: asked[name]})
        visits = queries.visits_of(visits, person=asked.get("person"), service=asked.get("service"))
        visits = by_money(visits, asked.get("money"))
        if asked.get("q", "").strip():
            visits = queries.visits_by(visits, asked["q"], contacts=self.sees_customers)
        return visits.order_by("start_at" if asked.get("when") in AHEAD else "-start_at", "pk")

    @property
    def narrows(self):
        return any(self.cleaned_data.values())

    @property
    def narrows_more(self):
        """Beyond what the shortcuts above the list say, or wrongly."""
        return bool(self.errors) or any(value for name, value in self.cleaned_data.items() if name != "when")
