"""Somebody is put on the list by the team, and what is asked of the list."""

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.basket import Basket
from bookings.desk.baskets import Shelf, choice
from bookings.forms import example_number
from bookings.services import Details
from messaging.numbers import NOT_MOBILE, can_get_texts
from waitlist.forms import PARTS_NAMED, windows_of
from waitlist.models import WishStatus

OPEN = (WishStatus.WAITING, WishStatus.OFFERED)
STATES = (
    ("", "On the list"),
    ("offered", "Being offered"),
    ("booked", "Booked"),
    ("ended", "Left or over"),
)
#: State on the page → those of the wishes.
STATES_OF = {
    "": OPEN,
    "offered": (WishStatus.OFFERED,),
    "booked": (WishStatus.BOOKED,),
    "ended": (WishStatus.LEFT, WishStatus.REMOVED, WishStatus.OVER),
}


class ListForm(forms.Form):
    """Asked by GET; what is no choice narrows nothing."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label="Name, address or number",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["service"] = choice("Service", Shelf().services, "Any")

    def asked(self):
        """How `waitlist.queries.wishes` is asked."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "states": STATES_OF[data.get("state") or ""],
            "service": data.get("service"),
            "term": data.get("q", "").strip(),
        }


class AddForm(forms.Form):
    """Who waits for what, written down by the team: an e-mail or a number is enough."""

    use_required_attribute = False

    def __init__(self, data=None, *, business, today, texts=False, **kwargs):
        super().__init__(data, **kwargs)
        shelf, date = Shelf(), {"type": "date", "min": today.isoformat()}
        self.fields["service"] = choice("Service", shelf.services, "Choose a service")
        self.fields["team_member"] = choice("With", shelf.people, "Whoever is free")
        for name, label in (("first_date", "From"), ("last_date", "Until")):
            self.fields[name] = forms.DateField(
                label=label,
                widget=forms.DateInput(format="%Y-%m-%d", attrs=date),
                error_messages={
                    "required": "Please choose a day.",
                    "invalid": "Please write the date like 2027-02-14.",
                },
            )
        self.fields["parts"] = forms.MultipleChoiceField(
            label="Time of day",
            choices=PARTS_NAMED,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Tick none if any time suits them.",
        )
        self.fields["name"] = forms.CharField(
            label="Name", max_length=160, error_messages={"required": "Please write their name."}
        )
        self.fields["email"] = forms.EmailField(
            label="E-mail",
            required=False,
            error_messages={"invalid": "Please write the address in full, like name@example.com."},
        )
        sentence = f"Please write the number with its area code, for example {example_number(business.country)}."
        self.fields["phone"] = PhoneNumberField(
            label="Mobile",
            region=business.country,
            required=False,
            error_messages={"invalid": sentence},
            widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        )
        if texts:
            self.fields["texts"] = forms.BooleanField(label="They have agreed to a text about it", required=False)

    def clean(self):
        data = super().clean()
        if not data.get("service") and "service" not in self.errors:
            self.add_error("service", "Choose what they wait for.")
        phone = data.get("phone")
        if data.get("texts") and "phone" not in self.errors and not (phone and can_get_texts(phone.as_e164)):
            self.add_error("phone", NOT_MOBILE if phone else "Please write the number to text.")
        if not data.get("email") and not data.get("phone") and not {"email", "phone"} & self.errors.keys():
            self.add_error("email", "Please write an e-mail address or a number.")
        return data

    def wish(self):
        """How `waitlist.services.join` is asked."""
        data = self.cleaned_data
        person = Details(
            name=" ".join(data["name"].split()),
            email=data["email"].lower(),
            phone=data["phone"].as_e164 if data["phone"] else "",
            texts=data.get("texts", False),
        )
        return {
            "basket": Basket.of(data["service"], data["team_member"]),
            "person": person,
            "first": data["first_date"],
            "last": data["last_date"],
            "windows": windows_of(data["parts"]),
        }
