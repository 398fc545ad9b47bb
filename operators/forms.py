"""What operators type."""

from datetime import timedelta

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from operators.services.writing import SHORTEST_REASON
from tenants.models import Role

LENGTHS = {15: "15 minutes", 30: "30 minutes", 60: "1 hour", 120: "2 hours", 240: "4 hours"}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        min_length=SHORTEST_REASON,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Kept with your name.",
    )


class AccessForm(ReasonForm):
    minutes = forms.TypedChoiceField(
        label="For how long",
        coerce=int,
        choices=list(LENGTHS.items()),
        initial=60,
        widget=UnfoldAdminSelectWidget(),
    )
    arranges = forms.BooleanField(
        label="I need to change settings",
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text="Services, hours, team, rules and policies. Money, customers, logins and the plan stay shut.",
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.fields["reason"].help_text = "The salon’s owners read it, in a mail and on their support page."

    def asked(self):
        return {
            "reason": self.cleaned_data["reason"],
            "length": timedelta(minutes=self.cleaned_data["minutes"]),
            "role": Role.ADMIN if self.cleaned_data["arranges"] else Role.VIEWER,
        }
