"""What is asked about customers."""

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.customer_rows import MAX_BYTES, MAX_LINES, NAMES
from bookings.forms import example_number
from bookings.models import TeamMember
from bookings.services import records

LABELS = {
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "notes": "Preferences",
}


def fill_errors(form, refusal):
    """Put what a verb refuses beside its field, or above the form."""
    sentences = refusal.sentences if isinstance(refusal, records.Refused) else {"": str(refusal)}
    for name, sentence in sentences.items():
        form.add_error(name if name in form.fields else None, sentence)


class CustomerForm(forms.Form):
    display_name = forms.CharField(
        label="Name", max_length=160, error_messages={"required": "Write the customer’s name."}
    )
    phone = PhoneNumberField(
        label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        widget=forms.EmailInput(attrs={"inputmode": "email", "spellcheck": "false"}),
        error_messages={"invalid": "Please write the address in full, like name@example.com."},
    )
    preferred_member = forms.ModelChoiceField(
        label="Preferred person", required=False, queryset=TeamMember.objects.none(), empty_label="No preference"
    )
    notes = forms.CharField(
        label="Preferences",
        required=False,
        max_length=4000,
        help_text="What lasts: allergies, colour formula, likes. The team sees it, customers never do.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, region, customer=None, **kwargs):
        kwargs.setdefault("initial", initial_of(customer) if customer else {})
        super().__init__(*args, **kwargs)
        self.customer = customer
        number = self.fields["phone"]
        number.region = region
        number.error_messages["invalid"] = (
            f"Please write the number with its area code, for example {example_number(region)}."
        )
        # Somebody who has left the team stays chosen for whom they were.
        people = TeamMember.objects.filter(is_active=True)
        if customer and customer.preferred_member_id:
            people = people | TeamMember.objects.filter(pk=customer.preferred_member_id)
        self.fields["preferred_member"].queryset = people.order_by("sort_order", "first_name")

    def changes(self):
        """What was changed, as the verbs take it: a number that was taken over and is left as it is does not matter."""
        data = {name: self.cleaned_data[name] for name in self.changed_data}
        if "phone" in data:
            data["phone"] = data["phone"].as_e164 if data["phone"] else ""
        return data


def initial_of(customer):
    return {
        "display_name": customer.display_name,
        "phone": str(customer.phone or ""),
        "email": customer.email,
        "preferred_member": customer.preferred_member_id,
        "notes": customer.notes,
    }


class NoteForm(forms.Form):
    text = forms.CharField(
        label="New note",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write the note first."},
    )


class FileForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text=f"At most {MAX_BYTES // 1024**2} MB and {MAX_LINES:,} lines. The first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Please choose a file.", "empty": "The file is empty."},
    )


class ColumnsForm(forms.Form):
    """Which of a file's columns means what, and what becomes of who is known already."""

    known = forms.ChoiceField(
        label="Who is known already",
        choices=(("leave", "Leave as they are"), ("update", "Bring up to date with the file")),
        initial="leave",
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, columns, mapping):
        initial = {name: "" if place is None else str(place) for name, place in mapping.items()}
        super().__init__(data, initial=initial, prefix="column")
        choices = [("", "Not in the file")]
        choices += [(str(place), name or f"Column {place + 1}") for place, name in enumerate(columns)]
        for name in NAMES:
            self.fields[name] = forms.ChoiceField(label=LABELS[name], required=False, choices=choices)
        self.order_fields([*NAMES, "known"])

    def clean(self):
        data = super().clean()
        if not any(data.get(name) for name in ("name", "first_name", "last_name")):
            self.add_error("name", "Say which column has the name.")
        return data

    def mapping(self):
        return {name: int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in NAMES}

    @property
    def updates(self):
        return self.cleaned_data["known"] == "update"

    def columns(self):
        return [self[name] for name in NAMES]
