"""What people choose about a token."""

from datetime import timedelta

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.api_tokens.scopes import GROUPS, Scope

LIVES = {"30": "30 days", "90": "90 days", "365": "One year", "": "Without end"}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=40, help_text="Which program it is for.", widget=UnfoldAdminTextInputWidget()
    )
    days = forms.ChoiceField(
        label="Ends after", choices=LIVES, required=False, initial="365", widget=UnfoldAdminSelectWidget()
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, error_messages={"required": "Tick what the program may do, one thing at least."}
    )

    def ticks(self):
        """(group, [(value, words, ticked)]) for the page."""
        ticked = self.data.getlist("scopes") if self.is_bound else ()
        return [(title, [(scope.value, scope.label, scope in ticked) for scope in group]) for title, group in GROUPS]

    def expires_at(self, now):
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
