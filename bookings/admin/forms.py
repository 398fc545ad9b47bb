"""What staff type into the diary's own pages."""

import uuid
from datetime import timedelta

from django import forms
from phonenumber_field.formfields import PhoneNumberField
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from bookings import availability
from bookings.admin.fields import WallTimeField
from bookings.forms import example_number
from bookings.models import Service, TeamMember
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


class CancelForm(PressForm):
    reason = forms.CharField(max_length=500, required=False, widget=UnfoldAdminTextInputWidget())


class StartForm(PressForm):
    """A wall time of the salon; `pick` is the instant of one of the free times the page has offered instead."""

    date = forms.DateField(widget=UnfoldAdminSingleDateWidget())
    time = WallTimeField()
    pick = forms.IntegerField(required=False, widget=forms.HiddenInput)

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


class RescheduleForm(StartForm):
    team_member = forms.ModelChoiceField(
        TeamMember.objects.none(),
        label="With",
        required=False,
        empty_label="The same person, or whoever is free",
        widget=UnfoldAdminSelectWidget(),
    )
    override = forms.BooleanField(
        label="Even at short notice or far ahead", required=False, widget=UnfoldBooleanSwitchWidget()
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team_member"].queryset = TeamMember.objects.filter(is_active=True)

    def overridden(self):
        return availability.OVERRIDABLE if self.cleaned_data["override"] else frozenset()


class NewBookingForm(RescheduleForm):
    """A booking taken by phone or at the door."""

    field_order = (
        "service",
        "team_member",
        "date",
        "time",
        "override",
        "name",
        "phone",
        "email",
        "note",
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), empty_label="Choose a service", widget=UnfoldAdminSelectWidget()
    )
    name = forms.CharField(label="Customer's name", max_length=160, widget=UnfoldAdminTextInputWidget())
    phone = PhoneNumberField(label="Phone", required=False, widget=UnfoldAdminTextInputWidget())
    email = forms.EmailField(
        label="E-mail",
        required=False,
        widget=UnfoldAdminEmailInputWidget(),
        help_text="The confirmation and the link to manage the visit go there.",
    )
    note = forms.CharField(max_length=1000, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.bookable()
        self.fields["team_member"].empty_label = "Whoever is free"
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
        )

    def params(self):
        """What makes a repeated request the same request."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "key"}
