"""What staff type about visits."""

import uuid
from datetime import timedelta

from django import forms
from phonenumber_field.formfields import PhoneNumberField

from bookings import availability
from bookings.desk.baskets import BasketForm, choice
from bookings.fields import DayField, WallTimeField
from bookings.forms import example_number
from bookings.services import Details


class PressForm(forms.Form):
    """A button's page. `key` was made with the page: pressed twice or reloaded, it is still one press."""

    key = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    def __init__(self, data=None, *, business, booking=None, **kwargs):
        self.business, self.booking = business, booking
        super().__init__(data, **kwargs)

    @property
    def press_key(self):
        return str(self.cleaned_data["key"])


class StartForm(forms.Form):
    """A wall time of the salon; `pick` is the instant of one of the free times the page has offered instead."""

    date = DayField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = WallTimeField()
    pick = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**32)

    def clean(self):
        data = super().clean()
        if data.get("pick"):
            data["start"] = availability.instant(data["pick"])
        elif data.get("date") and data.get("time") is not None:
            zone = self.business.zone
            seconds = availability.wall_to_utc(data["date"], data["time"], zone, end=False)
            data["start"] = availability.instant(seconds)
            wall = data["start"].astimezone(zone)
            if (wall.date() - data["date"]) / timedelta(minutes=1) + wall.hour * 60 + wall.minute != data["time"]:
                self.add_error("time", "The clocks go forward then: this time does not exist on that day.")
        return data


class OverrideForm(forms.Form):
    """Rules staff may set aside knowingly (D9)."""

    override = forms.BooleanField(label="Even at short notice or far ahead", required=False)

    def overridden(self):
        return availability.OVERRIDABLE if self.cleaned_data["override"] else frozenset()


class MoveForm(OverrideForm, StartForm, PressForm):
    """Another time, another person, or both. `parts` are the booking's items, each with its `team_for` its service."""

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts
        for item, people in parts:
            others = {str(member.pk): member for member in people if member.pk != item.team_member_id}
            label = f"{item} with" if len(parts) > 1 else "With"
            self.fields[f"person_{item.position}"] = choice(label, others, f"{item.team_member} if possible")
        self.order_fields(["date", "time", *(f"person_{item.position}" for item, _ in parts), "override"])

    def clean(self):
        data = super().clean()
        if data.get("start") == self.booking.start_at and not self.people() and not self.errors:
            raise forms.ValidationError("This is where the visit is now. Choose another time or another person.")
        return data

    def people(self):
        """{position: team member} for the parts somebody else is to do."""
        named = {item.position: self.cleaned_data.get(f"person_{item.position}") for item, _ in self.parts}
        return {position: member for position, member in named.items() if member}


class WhyForm(BasketForm, StartForm):
    """A start somebody asks about; `booking` is the one that would move there."""

    def __init__(self, data=None, *, business, **kwargs):
        self.business = business
        super().__init__(data, **kwargs)


class ContactForm(PressForm):
    """Who books, as staff write it down: a name is enough."""

    name = forms.CharField(label="Customer's name", max_length=160)
    phone = PhoneNumberField(
        label="Phone", required=False, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="The confirmation and the link to manage the visit go there.",
    )
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        phone = self.fields["phone"]
        phone.region = self.business.country
        example = example_number(phone.region)
        phone.error_messages["invalid"] = f"Please write the number with its area code, for example {example}."

    def details(self):
        data = self.cleaned_data
        return Details(
            name=" ".join(data["name"].split()),
            email=data["email"].lower(),
            phone=data["phone"].as_e164 if data["phone"] else "",
            special_requests=data["note"],
            for_name=" ".join(data.get("for_name", "").split()),
        )


class NewBookingForm(BasketForm, OverrideForm, StartForm, ContactForm):
    """A booking taken by phone or at the door."""

    field_order = (
        "party_size",
        "together",
        "date",
        "time",
        "override",
        "name",
        "phone",
        "email",
        "for_name",
        "note",
    )
    for_name = forms.CharField(
        label="For someone else",
        max_length=160,
        required=False,
        help_text="The name of who comes. Messages go to the customer.",
    )

    def params(self):
        """What makes a repeated request the same request."""
        basket = self.cleaned_data["basket"]
        wanted = [(str(each.service.pk), str(each.team_member and each.team_member.pk)) for each in basket.wanted]
        said = {name: str(value) for name, value in self.cleaned_data.items() if name not in ("key", "basket")}
        return said | {"wanted": wanted}
