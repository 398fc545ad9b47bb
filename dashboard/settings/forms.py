"""What is typed into the pages of settings."""

from datetime import datetime, timedelta

from django import forms

from bookings import words
from bookings.admin.fields import ShiftsField
from bookings.admin.policies import PoliciesForm
from bookings.admin.settings import BookingRulesForm
from bookings.fields import DayField
from bookings.models import OpeningHours, Service
from bookings.models.catalogue import MAX_MINUTES
from dashboard.settings.plain import Plain
from tenants.models import Business

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput({"type": "time"}, format="%H:%M")
WEEKDAYS = OpeningHours._meta.get_field("day_of_week").choices


class RulesForm(Plain, BookingRulesForm):
    pass


class DashboardPoliciesForm(Plain, PoliciesForm):
    pass


class DetailsForm(forms.ModelForm):
    """How the salon is called and reached."""

    use_required_attribute = False
    #: Two of these stand side by side.
    halves = ("email", "phone", "postal_code", "city", "region", "country")

    class Meta:
        model = Business
        fields = (
            "name",
            "legal_name",
            "category",
            "description",
            "email",
            "phone",
            "address_line1",
            "address_line2",
            "postal_code",
            "city",
            "region",
            "country",
        )
        labels = {
            "category": "Kind of business",
            "email": "E-mail",
            "address_line1": "Address",
            "address_line2": "Address, second line",
        }
        help_texts = {
            "legal_name": "Stands on receipts where it differs from the name.",
            "description": "A few sentences on your booking page.",
            "email": "Customers see it, and answer to it.",
            "country": "Two letters, like US or DE.",
        }
        widgets = {"description": forms.Textarea({"rows": 4})}

    def clean_country(self):
        country = self.cleaned_data["country"].upper()
        if len(country) != 2 or not country.isalpha() or not country.isascii():
            raise forms.ValidationError("Write the two letters of the country, like US or DE.")
        return country

    def changes(self):
        return dict(self.cleaned_data)

    def _post_clean(self):
        """Nothing is put onto the salon in hand: the service writes, on a row of its own."""


class HoursForm(forms.Form):
    """A week of shifts: `09:00–13:00, 14:00–18:00` a day, nothing for a day off."""

    use_required_attribute = False

    def __init__(self, data=None, *, rows, prefix=None, empty="closed"):
        by_day = {}
        for row in rows:
            by_day.setdefault(row.day_of_week, []).append([row.start_min, row.end_min])
        super().__init__(data, prefix=prefix)
        for day, label in WEEKDAYS:
            field = ShiftsField(label=label, required=False, max_length=200, initial=sorted(by_day.get(day, [])))
            field.widget = forms.TextInput({"placeholder": empty, "autocomplete": "off"})
            self.fields[f"day_{day}"] = field

    def shifts(self):
        return [(day, *shift) for day, _ in WEEKDAYS for shift in self.cleaned_data[f"day_{day}"]]

    def refuse(self, sentences):
        """What the service refused, at the day it is about where it begins with one."""
        for sentence in sentences.values():
            about = next((day for day, label in WEEKDAYS if sentence.startswith(str(label))), None)
            self.add_error(f"day_{about}" if about else None, sentence)


class ServiceChoice(forms.ModelChoiceField):
    def label_from_instance(self, service):
        return f"{service.name} ({words.length(service.duration_min)})"


class LengthForm(forms.Form):
    """How many minutes a service is to take."""

    use_required_attribute = False
    service = ServiceChoice(queryset=Service.objects.none(), empty_label="Choose a service")
    minutes = forms.IntegerField(label="Minutes", min_value=5, max_value=MAX_MINUTES)

    def __init__(self, data=None, *, services):
        super().__init__(data)
        self.fields["service"].queryset = services

    def refuse(self, sentences):
        for sentence in sentences.values():
            self.add_error("minutes", sentence)


class Dated(forms.Form):
    """What has dates; what is refused of it stands at its fields."""

    use_required_attribute = False

    def refuse(self, sentences):
        for name, sentence in sentences.items():
            self.add_error(self.places.get(name, name if name in self.fields else None), sentence)

    #: column → the field a refusal of it belongs to
    places = {}


class ClosureForm(Dated):
    start_date = DayField(label="First day", widget=DAY)
    end_date = DayField(label="Last day", required=False, widget=DAY, help_text="Empty: one day.")
    reason = forms.CharField(label="Why", required=False, max_length=120, help_text="For the team.")

    def dates(self):
        first = self.cleaned_data["start_date"]
        return {"first": first, "last": self.cleaned_data["end_date"] or first}


class DayForm(Dated):
    """One date on which a person works differently, or not at all."""

    date = DayField(label="Date", widget=DAY)
    shifts = ShiftsField(label="Hours on that day", required=False, max_length=200, help_text="Empty: a day off.")
    reason = forms.CharField(label="Why", required=False, max_length=120)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["shifts"].widget = forms.TextInput({"placeholder": "day off", "autocomplete": "off"})


class BlockForm(Dated):
    """Some time in which a person cannot be booked, on the salon's wall."""

    day = DayField(label="Date", widget=DAY)
    start = forms.TimeField(label="From", widget=TIME)
    end = forms.TimeField(label="To", widget=TIME, help_text="At or before the start: on the next day.")
    reason = forms.CharField(label="Why", required=False, max_length=120)

    places = {"starts_at": "start", "ends_at": "end"}

    def instants(self, zone):
        day, start, end = (self.cleaned_data[name] for name in ("day", "start", "end"))
        last = day if end > start else day + timedelta(days=1)
        return {
            "starts_at": datetime.combine(day, start, zone),
            "ends_at": datetime.combine(last, end, zone),
        }
