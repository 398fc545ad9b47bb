"""A visit that staff write down."""

from django import forms

from bookings import queries
from bookings.desk.forms import ContactForm, NewBookingForm


class KnownCustomerForm(ContactForm):
    """Who books is somebody the salon knows (`customer`), or somebody new."""

    customer = forms.UUIDField(required=False, widget=forms.HiddenInput)
    who = forms.CharField(
        label="Find a customer",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Name, mail or phone", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = self.data if self.is_bound else self.initial
        self.known = customer_of(said.get("customer"))
        self.fields["name"].required = self.known is None
        self.fields["name"].error_messages["required"] = "Write a name, or find the customer."
        self.fields["date"].error_messages["required"] = "Choose a date."

    def clean_customer(self):
        if self.cleaned_data["customer"] and self.known is None:
            raise forms.ValidationError("This customer is not here any more. Find them again, or write the name.")
        return self.known

    def details(self):
        typed = super().details()
        return typed.of_customer(self.known) if self.known else typed


class NewVisitForm(KnownCustomerForm, NewBookingForm):
    """A visit written down in the dashboard."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["time"].error_messages["required"] = "Write a time, like 10:30."

    def clean(self):
        """What is wrong with the services as a whole is said with the rest."""
        data = super().clean()
        for sentence in self.rows.non_form_errors():
            self.add_error(None, sentence)
        return data

    def params(self):
        said = super().params()
        said.pop("who", None)
        return said | {"customer": str(self.known.pk) if self.known else ""}


def customer_of(text):
    """The customer of an id as it was sent; None for none, and for what is no id."""
    try:
        return queries.customers().filter(pk=forms.UUIDField(required=False).clean(text)).first() if text else None
    except forms.ValidationError:
        return None
