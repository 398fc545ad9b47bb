"""Days the salon is shut, typed in or taken over from a country's public holidays."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget, UnfoldBooleanWidget

from audit.admin import SalonModelAdmin, actor_of
from bookings import holidays, stranded, words
from bookings.admin.fields import dated
from bookings.admin.stranded import tell_moves
from bookings.admin.writing import OneWriter
from bookings.models import Closure, SpecialOpening
from bookings.services.closures import conflicts, import_closures
from tenants.admin import MANAGED, register

FALL_ON = "These visits fall on days the salon is closed"


class ClosureForm(forms.ModelForm):
    def clean(self):
        data = super().clean()
        first, last = data.get("start_date"), data.get("end_date")
        if first and last and (found := conflicts(first=first, last=last)):
            raise forms.ValidationError(list(found.values()))
        return data


class PlaceForm(forms.Form):
    """Where and when: a region that is not the country's is left out, since the country may just have been changed."""

    country = forms.ChoiceField(choices=holidays.countries, widget=UnfoldAdminSelectWidget())
    region = forms.ChoiceField(required=False, widget=UnfoldAdminSelectWidget())
    years = forms.TypedMultipleChoiceField(coerce=int, widget=UnfoldAdminCheckboxSelectMultipleWidget())

    def __init__(self, data, *, this_year):
        super().__init__(data)
        known = holidays.regions(data.get("country", ""))
        self.fields["region"].choices = [("", "The whole country"), *known]
        self.fields["region"].disabled = not known
        self.fields["years"].choices = [(str(year), str(year)) for year in (this_year, this_year + 1)]

    def asked(self):
        return {name: self.cleaned_data[name] for name in ("country", "region", "years")}


@dataclass(frozen=True, slots=True)
class Row:
    """One day of the page: why it cannot be imported, or "", and how many visits fall on it."""

    day: holidays.Holiday
    mark: str
    visits: str

    @property
    def text(self):
        return dated(self.day.date)


@register(Closure)
class ClosureAdmin(OneWriter, SalonModelAdmin):
    grants = MANAGED
    form = ClosureForm
    list_before_template = "admin/salon/about.html"
    about = "Whole days on which the salon is shut, whatever the hours say."
    list_display = ("first_day", "last_day", "reason")
    fields = (("start_date", "end_date"), "reason")
    actions_list = ("import_holidays",)

    @display(description="first day", ordering="start_date")
    def first_day(self, closure):
        return dated(closure.start_date)

    @display(description="last day", ordering="end_date")
    def last_day(self, closure):
        return dated(closure.end_date)

    def save_model(self, request, obj, form, change):
        """Visits on closed days stay as they are, and are named."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            self.tell(request, [obj])

    def tell(self, request, closures):
        zone, now = request.tenant.zone, timezone.now()
        found = [
            visit
            for closure in closures
            for visit in stranded.in_closure(first=closure.start_date, last=closure.end_date, zone=zone, now=now)
        ]
        tell_moves(request, self, FALL_ON, list(dict.fromkeys(found)))

    @action(
        description="Import public holidays",
        permissions=["arrange"],
        url_path="import",
        icon="download",
        variant=ActionVariant.PRIMARY,
    )
    def import_holidays(self, request):
        """GET shows the days of a place; POST closes the salon on the chosen ones, and asks first where visits fall on them."""
        today = timezone.localdate(timezone=request.tenant.zone)
        place = self.place(request, today)
        rows = self.rows(request, place, today) if place.is_valid() else []
        if request.method == "POST" and place.is_valid():
            chosen = set(request.POST.getlist("day"))
            days = [row.day for row in rows if row.day.date.isoformat() in chosen]
            if days:
                return self.asking_first(request, self.do_import, days)
            self.message_user(request, "Tick the days on which the salon is closed.", messages.ERROR)
        context = {
            **self.admin_site.each_context(request),
            "title": "Import public holidays",
            "opts": self.opts,
            "place": place,
            "rows": rows,
            "box": UnfoldBooleanWidget().attrs["class"],
            "media": self.media + place.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/salon/holidays.html", context)

    def place(self, request, today):
        """The form with what was asked for; at first the salon's own place, this year and next."""
        asked = request.POST if request.method == "POST" else request.GET
        if "country" in asked:
            data = {
                "country": asked["country"],
                "region": asked.get("region", ""),
                "years": asked.getlist("years"),
            }
            if data["region"] not in dict(holidays.regions(data["country"])):
                data["region"] = ""
        else:
            country = request.tenant.country
            region = holidays.region_called(country, request.tenant.region)
            data = {"country": country, "region": region, "years": [str(today.year), str(today.year + 1)]}
        return PlaceForm(data, this_year=today.year)

    def rows(self, request, place, today):
        """The coming holidays of the place, each with what stands in its way."""
        days = [day for day in holidays.public_holidays(**place.asked()) if day.date >= today]
        if not days:
            return []
        first, last = days[0].date, days[-1].date
        closures = list(Closure.objects.filter(start_date__lte=last, end_date__gte=first))
        special = set(SpecialOpening.objects.filter(date__range=(first, last)).values_list("date", flat=True))
        visits = self.visits(request, first, last)
        return [Row(day, _mark(day.date, closures, special), visits.get(day.date, "")) for day in days]

    def visits(self, request, first, last):
        """Local date → how many visits it has, in words."""
        found = stranded.in_closure(first=first, last=last, zone=request.tenant.zone, now=timezone.now())
        counted = {}
        for booking in found:
            counted[booking.local_date] = counted.get(booking.local_date, 0) + 1
        return {day: words.count(number, "visit", "visits") for day, number in counted.items()}

    def do_import(self, request, days):
        made = import_closures(days=days, by=actor_of(request), now=timezone.now())
        self.tell(request, made)
        text = f"The salon is now closed on {words.count(len(made), 'more day', 'more days')}."
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:bookings_closure_changelist")


def _mark(day: date, closures, special):
    if any(closure.start_date <= day <= closure.end_date for closure in closures):
        return "Closed already"
    return "Special hours" if day in special else ""
