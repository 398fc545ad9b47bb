import phonenumbers
from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings import diary, words
from bookings.basket import Basket, Wanted
from bookings.services import Details
from messaging.numbers import NOT_MOBILE, can_get_texts
from tenants import languages
from tenants.clock import zone_names

#: What is remembered when the visitor has to come back; agreement is always given anew.
KEPT = ("first_name", "last_name", "phone", "email", "for_name", "note", "language")


class DetailsForm(forms.Form):
    """Who comes. Four fields are asked for, nothing else; the phone may be written locally or internationally."""

    first_name = forms.CharField(
        label="First name",
        max_length=79,
        error_messages={"required": "Please write your first name."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "autocapitalize": "words"}),
    )
    last_name = forms.CharField(
        label="Last name",
        max_length=80,
        error_messages={"required": "Please write your last name."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "autocapitalize": "words"}),
    )
    phone = PhoneNumberField(
        label="Mobile",
        error_messages={
            "required": "Please write your mobile number.",
            "invalid": "Please write the number with its area code, for example {example}.",
        },
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label="E-mail",
        error_messages={
            "required": "Please write your e-mail address.",
            "invalid": "Please write the address in full, like name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}),
    )
    for_name = forms.CharField(
        label="This is for someone else",
        max_length=160,
        required=False,
        help_text="Their name. All messages go to you.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    note = forms.CharField(
        label="Anything we should know?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label="Language of our messages",
        required=False,
        error_messages={"invalid_choice": "Please choose one of these languages."},
    )
    #: Written by the page's script; what is no zone is as good as nothing.
    zone = forms.CharField(required=False, widget=forms.HiddenInput)
    policies = forms.BooleanField(
        label="I agree to these terms",
        error_messages={"required": "Please tick the box if you agree to the terms."},
    )
    marketing = forms.BooleanField(
        label="Send me news and offers by e-mail. I can stop that at any time.", required=False
    )

    texts = forms.BooleanField(
        label="Text me about this visit",
        required=False,
        help_text="Your network may charge for messages. Reply STOP at any time to end them.",
    )

    def __init__(self, *args, region, offered=(), texts=False, **kwargs):
        """`offered` are the salon's languages; nobody is asked where there is one. `texts`: whether it sends any."""
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, languages.NAMES[code]) for code in offered]
        if len(offered) < 2:
            del self.fields["language"]
        if not texts:
            del self.fields["texts"]
        number = self.fields["phone"]
        number.region = region
        number.error_messages["invalid"] = number.error_messages["invalid"].format(example=example_number(region))

    def clean_zone(self):
        zone = self.cleaned_data["zone"]
        return zone if zone in zone_names() else ""

    def clean(self):
        for name in ("first_name", "last_name", "for_name"):
            if name in self.cleaned_data:
                self.cleaned_data[name] = " ".join(self.cleaned_data[name].split())
        phone = self.cleaned_data.get("phone")
        if self.cleaned_data.get("texts") and phone and not can_get_texts(phone.as_e164):
            self.add_error("phone", NOT_MOBILE)
        return self.cleaned_data

    def ask_again(self, sentence):
        """Take the tick out again: what was agreed to is not what is on the page now."""
        self.data = self.data.copy()
        self.data.pop("policies", None)
        self.add_error("policies", sentence)

    def details(self):
        """The form's answer as the service takes it."""
        data = self.cleaned_data
        return Details(
            name=f"{data['first_name']} {data['last_name']}",
            email=data["email"].lower(),
            phone=data["phone"].as_e164,
            special_requests=data["note"],
            marketing=data["marketing"],
            language=data.get("language", ""),
            texts=data.get("texts", False),
            for_name=data.get("for_name", ""),
            zone=data["zone"],
        )


class GuestForm(forms.Form):
    """Somebody who comes along: a first name, what for (`services` of `queries.catalogue`), how many they are, with whom."""

    name = forms.CharField(
        label="First name",
        max_length=80,
        error_messages={"required": "Please write who comes; a first name is enough."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )
    services = forms.MultipleChoiceField(
        label="Services",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Please choose at least one service.",
            "invalid_choice": "One of these services can no longer be booked online.",
        },
    )
    party = forms.TypedChoiceField(
        label="How many people",
        help_text="Several at once, where the services are booked that way.",
        coerce=int,
        empty_value=1,
        required=False,
        initial=1,
        widget=forms.Select(attrs={"class": "select"}),
    )
    person = forms.ChoiceField(label="With whom", required=False, widget=forms.Select(attrs={"class": "select"}))

    def __init__(self, *args, services, team, most, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {str(service.pk): service for service in services if not service.shared_session}
        self.team, self.most = {str(member.pk): member for member in team}, most
        self.fields["services"].choices = [(pk, _with_price(service)) for pk, service in self.known.items()]
        if len(self.known) < len(services):
            self.fields["services"].help_text = "A class is booked on its own, for as many people as come."
        largest = max((service.largest_party for service in self.known.values()), default=1)
        self.fields["party"].choices = [(number, number) for number in range(1, largest + 1)]
        if largest == 1:
            self.fields["party"].widget = forms.HiddenInput()
        self.fields["person"].choices = [("", "Anyone available"), *((pk, one.name) for pk, one in self.team.items())]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_services(self):
        chosen = self.cleaned_data["services"]
        if len(chosen) > self.most:
            raise forms.ValidationError(f"One visit takes at most {self.most} services.")
        return chosen

    def clean(self):
        data = super().clean()
        if data.get("services"):
            self._check_person(data)
            self._check_party()
        return data

    def _check_party(self):
        basket = self.basket(anyone=True)
        if basket.party_size > basket.narrowest.largest_party:
            self.add_error("party", words.too_many(basket.narrowest))

    def _check_person(self, data):
        able = diary.candidates_for(self.basket(anyone=True)).staffing
        person = self.team.get(data.get("person", ""))
        cannot = [
            one.service for one in able if person and person.pk not in {a.team_member_id for a in one.assignments}
        ]
        if cannot:
            self.add_error("person", f"{person.name} does not do: {', '.join(service.name for service in cannot)}.")
        named = next((one.service for one in able if one.service.requires_team_member_selection), None)
        if named and not person:
            self.add_error("person", f"{named.name} is booked with somebody in particular. Please choose a person.")

    def basket(self, *, anyone=False):
        """The form's answer as the diary takes it, in the salon's order."""
        person = None if anyone else self.team.get(self.cleaned_data.get("person", ""))
        chosen = set(self.cleaned_data["services"])
        wanted = tuple(Wanted(service, person) for pk, service in self.known.items() if pk in chosen)
        return Basket(wanted, party_size=self.cleaned_data.get("party", 1))


def _with_price(service):
    """`Cut, 60 min, from $50.00`: a service of `queries.catalogue`."""
    price = f"from {service.price_from}" if service.price_varies else str(service.price_from)
    return f"{service.name}, {words.lengths(service.from_min, service.to_min)}, {price}"


def example_number(region):
    """How a mobile number is written in the salon's country."""
    number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else "+1 503 555 0142"
