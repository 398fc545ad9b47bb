"""Somebody is put on the list by the team, and what is asked of the list."""

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings.desk.baskets import BasketForm, Shelf, choice
from bookings.fields import DayField
from bookings.forms import example_number
from bookings.services import Details
from messaging.numbers import NOT_MOBILE, can_get_texts
from waitlist.forms import PARTS_NAMED, windows_of
from waitlist.models import WishStatus

DAY_ERRORS = {"required": "Please choose a day.", "invalid": "Please write the date like 2027-02-14."}
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


class AddForm(BasketForm):
    """Who waits for what, written down by the team: an e-mail or a number is enough."""

    first_date = DayField(label="From", error_messages=DAY_ERRORS)
    last_date = DayField(label="Until", error_messages=DAY_ERRORS)
    parts = forms.MultipleChoiceField(
        label="Time of day",
        choices=PARTS_NAMED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick none if any time suits them.",
    )
    name = forms.CharField(label="Name", max_length=160, error_messages={"required": "Please write their name."})
    email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "Please write the address in full, like name@example.com."},
    )
    phone = PhoneNumberField(
        label="Mobile", required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )
    texts = forms.BooleanField(label="They have agreed to a text about it", required=False)
    use_required_attribute = False

    def __init__(self, data=None, *, business, today, texts=False, **kwargs):
        """`texts`: whether the salon sends any."""
        super().__init__(data, **kwargs)
        for name in ("first_date", "last_date"):
            span = {"type": "date", "min": today.isoformat()}
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs=span)
        number, example = self.fields["phone"], example_number(business.country)
        number.region = business.country
        number.error_messages["invalid"] = f"Please write the number with its area code, for example {example}."
        if not texts:
            del self.fields["texts"]

    @classmethod
    def longer(cls, query, **kwargs):
        """The form as it was sent, with one more row of a service; nothing is judged yet."""
        form = cls.filled(query, **kwargs)
        form.initial["parts"] = query.getlist("parts")
        return form

    def clean(self):
        data = super().clean()
        for sentence in self.rows.non_form_errors():
            self.add_error(None, sentence)
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
            "basket": data["basket"],
            "person": person,
            "first": data["first_date"],
            "last": data["last_date"],
            "windows": windows_of(data["parts"]),
        }
