from django import forms


class CodeForm(forms.Form):
    """A code as people type it."""

    code = forms.CharField(
        label="Gift card code",
        max_length=60,
        error_messages={"required": "Please type the code on your gift card."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
    )
