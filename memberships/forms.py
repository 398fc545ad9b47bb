"""What a customer types to join."""

import uuid

from django import forms

from memberships import rules
from tenants import languages


class JoinForm(forms.Form):
    use_required_attribute = False

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label="Your name",
        max_length=160,
        error_messages={"required": "Please write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Your e-mail",
        help_text="The link to your membership, with its code and the way to end it, goes there.",
        error_messages={
            "required": "Please write your e-mail address.",
            "invalid": "Please write the address in full, like name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(label="We write to you in", required=False)
    agreed = forms.BooleanField(
        label="I agree to this", error_messages={"required": "Please agree to this, so that we may charge your card."}
    )

    def __init__(self, data=None, *, offered, consent, typed, **kwargs):
        """`consent` is what is agreed to now, sentence by sentence; `typed` is filled in: name, email, language."""
        self.consent = rules.version(consent)
        initial = typed | {"form_key": uuid.uuid4, "seen": self.consent}
        super().__init__(data, initial=initial, label_suffix="", **kwargs)
        self.fields["language"].choices = [(code, languages.NAMES[code]) for code in offered]
        if len(offered) == 1:
            del self.fields["language"]

    def clean(self):
        data = super().clean()
        if data.get("seen") != self.consent:
            self.add_error("agreed", "What you agree to has changed meanwhile. Please read it again.")
            self.data = self.data.copy()
            self.data["seen"] = self.consent
            self.data.pop("agreed", None)
        return data

    def person(self):
        data = self.cleaned_data
        return {
            "name": " ".join(data["name"].split()),
            "email": data["email"].lower(),
            "language": data.get("language", ""),
            "form_key": str(data["form_key"]),
        }
