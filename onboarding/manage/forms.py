"""What an owner types about a salon."""

from django import forms


class AddressForm(forms.Form):
    slug = forms.CharField(
        label="New name",
        min_length=3,
        max_length=40,
        help_text="Small letters, digits and hyphens.",
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_slug(self):
        return self.cleaned_data["slug"].lower()


class DomainForm(forms.Form):
    domain = forms.CharField(
        label="Domain",
        max_length=300,
        help_text="For example book.your-salon.com",
        widget=forms.TextInput(
            {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
    )


class LeaveForm(forms.Form):
    name = forms.CharField(
        label="The salon’s name, to be sure", max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label="Why do you leave?",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    cancel_visits = forms.BooleanField(
        label="Call off the visits to come and tell my customers. They owe nothing for it.", required=False
    )
