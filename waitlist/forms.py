"""What somebody leaves who waits for a time."""

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.fields import DayField
from bookings.forms import example_number
from bookings.services import Details
from messaging.numbers import NOT_MOBILE, can_get_texts
from tenants import languages
from waitlist.rules import PARTS

PARTS_NAMED = [("morning", "Mornings"), ("afternoon", "Afternoons"), ("evening", "Evenings")]


class WaitForm(forms.Form):
    """Who waits, on which days and at which times of the day; ticking none of these is any time."""

    use_required_attribute = False

    first_date = DayField(
        label="From",
        error_messages={
            "required": "Please choose the first day.",
            "invalid": "Please write the date like 2027-02-14.",
        },
    )
    last_date = DayField(
        label="Until",
        error_messages={"required": "Please choose the last day.", "invalid": "Please write the date like 2027-02-14."},
    )
    parts = forms.MultipleChoiceField(
        label="Time of day",
        choices=PARTS_NAMED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick none if any time suits you.",
    )
    name = forms.CharField(
        label="Your name",
        max_length=160,
        error_messages={"required": "Please write your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
    )
    email = forms.EmailField(
        label="E-mail",
        error_messages={
            "required": "Please write your e-mail address.",
            "invalid": "Please write the address in full, like name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    phone = PhoneNumberField(
        label="Mobile",
        required=False,
        error_messages={"invalid": "Please write the number with its area code, for example {example}."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    texts = forms.BooleanField(
        label="Text me when a time is free",
        required=False,
        help_text="Your network may charge for messages. Reply STOP at any time to end them.",
    )
    language = forms.ChoiceField(label="Language of our messages", required=False)

    def __init__(self, data=None, *, business, today, last, texts=False, **kwargs):
        """`today` and `last` are the days that can be chosen; `texts`: whether the salon sends any."""
        super().__init__(data, **kwargs)
        for name in ("first_date", "last_date"):
            span = {"type": "date", "min": today.isoformat(), "max": last.isoformat()}
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs=span)
        offered = business.languages
        self.fields["language"].choices = [(code, languages.NAMES[code]) for code in offered]
        if len(offered) < 2:
            del self.fields["language"]
        if not texts:
            del self.fields["texts"]
        number = self.fields["phone"]
        number.region = business.country
        said = number.error_messages["invalid"]
        number.error_messages["invalid"] = said.format(example=example_number(business.country))

    def clean(self):
        data = super().clean()
        if data.get("first_date") and data.get("last_date") and data["last_date"] < data["first_date"]:
            self.add_error("last_date", "The last day lies before the first.")
        if data.get("texts") and "phone" in data and not (data["phone"] and can_get_texts(data["phone"].as_e164)):
            self.add_error("phone", NOT_MOBILE if data["phone"] else "Please write the number we may text.")
        return data

    def person(self):
        """Who it is, as the service takes it."""
        data = self.cleaned_data
        return Details(
            name=" ".join(data["name"].split()),
            email=data["email"].lower(),
            phone=data["phone"].as_e164 if data["phone"] else "",
            language=data.get("language", ""),
            texts=data.get("texts", False),
        )

    def windows(self):
        """[from, to) of what was ticked; everything ticked is any time, as nothing is."""
        return windows_of(self.cleaned_data["parts"])


def windows_of(ticked):
    return [PARTS[part] for part in ticked] if len(ticked) < len(PARTS) else []
