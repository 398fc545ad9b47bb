"""When the salon itself is open: weekly hours, hours of single dates, breaks of everybody."""

from django import forms
from django.utils import timezone
from unfold.decorators import display

from audit.admin import SalonModelAdmin
from bookings import stranded, unbookable
from bookings.admin.fields import ReadsWhatPeopleWrite, ShiftsField, dated
from bookings.admin.sections import HOURS, BreakForm, ShiftForm, overlap, shift
from bookings.admin.stranded import tell_moves, tell_unbookable
from bookings.admin.writing import OneWriter
from bookings.models import Break, Closure, OpeningHours, Service, SpecialOpening, TeamMemberAvailability
from bookings.models.hours import clock
from bookings.settings_rules import named, swallowed
from tenants.admin import MANAGED, register


class OpeningHoursForm(ShiftForm):
    def clean(self):
        data = super().clean()
        if self.errors or "day_of_week" not in data:
            return data
        mine = OpeningHours(**{name: data[name] for name in ("day_of_week", "start_min", "end_min")})
        if overlap([mine, *OpeningHours.objects.exclude(pk=self.instance.pk)]):
            raise forms.ValidationError("These hours overlap others. Join them, or change one.")
        if swallowed([shift(mine)], [shift(row) for row in Break.objects.filter(team_member=None)]):
            raise forms.ValidationError(
                "The salon’s break takes up all of these hours. Make them longer, or change it."
            )
        return data


class TellsLostTime:
    """For an admin: name the visits outside the hours and the services nobody could start, also where a row is deleted."""

    def delete_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().delete_view(request, *args, **kwargs)
        return self.asking_first(request, super().delete_view, *args, **kwargs)

    def tell_lost(self, request, dates=None):
        business = request.tenant
        found = stranded.outside_hours(business=business, dates=dates, now=timezone.now())
        tell_moves(request, self, "These visits lie outside the hours", found)

    def tell_unbookable(self, request):
        services = list(Service.objects.filter(active=True, deleted_at=None))
        tell_unbookable(request, self, unbookable.unbookable(business=request.tenant, services=services))


class Weekly(OneWriter, ReadsWhatPeopleWrite, TellsLostTime, SalonModelAdmin):
    """Weekly rows, one a day and shift."""

    grants = MANAGED
    list_before_template = "admin/salon/about.html"
    written = HOURS
    list_display = ("day_of_week", "hours")
    fields = ("day_of_week", ("start_min", "end_min"))

    @display(description="hours", ordering="start_min")
    def hours(self, shift):
        return str(shift).removeprefix(f"{shift.get_day_of_week_display()} ")


@register(OpeningHours)
class OpeningHoursAdmin(Weekly):
    about = "When the salon is open. Without any, the hours of the people alone count."
    form = OpeningHoursForm

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.changed_data:
            self.tell_lost(request)
            self.tell_unbookable(request)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self.tell_lost(request)
        self.tell_unbookable(request)


class SalonBreakForm(BreakForm):
    """A break of everybody: it meets no other one, and leaves something of everybody's shifts."""

    def clean(self):
        data = super().clean()
        if self.errors or "day_of_week" not in data:
            return data
        mine = Break(**{name: data[name] for name in ("day_of_week", "start_min", "end_min")})
        salon = [mine, *Break.objects.filter(team_member=None).exclude(pk=self.instance.pk)]
        if overlap(salon, touching=True):
            raise forms.ValidationError("This break overlaps or touches another one. Write them as one.")
        if lost := _lost_shift([shift(row) for row in salon]):
            raise forms.ValidationError(f"The break takes up {lost}. Make it shorter.")
        return data


def _lost_shift(salon):
    """Whose shift the salon's breaks take up together with the person's own, in words; "" where nobody's."""
    if lost := swallowed([shift(row) for row in OpeningHours.objects.all()], salon):
        return f"all of the opening hours on {named(lost)}"
    own = {}
    for row in Break.objects.exclude(team_member=None):
        own.setdefault(row.team_member_id, []).append(shift(row))
    working = TeamMemberAvailability.objects.filter(team_member__is_active=True).select_related("team_member")
    for row in working.order_by("team_member__sort_order", "team_member__first_name", "day_of_week", "start_min"):
        if swallowed([shift(row)], [*salon, *own.get(row.team_member_id, ())]):
            return f"the whole shift of {row.team_member} on {named(shift(row))}"
    return ""


@register(Break)
class SalonBreakAdmin(Weekly):
    """Breaks without a person; a person's own are on their page."""

    about = "Every week, for everybody. A person’s own breaks are on the page of the person."
    form = SalonBreakForm

    def get_queryset(self, request):
        return super().get_queryset(request).filter(team_member=None)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.changed_data:
            found = stranded.in_breaks(breaks=[obj], zone=request.tenant.zone, now=timezone.now())
            tell_moves(request, self, "These visits fall into a break", found)
            self.tell_unbookable(request)


class SpecialOpeningForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "shifts" in self.fields:
            self.fields["shifts"].label = "Open"

    def clean_date(self):
        day = self.cleaned_data["date"]
        closure = Closure.objects.filter(start_date__lte=day, end_date__gte=day).first()
        if closure:
            raise forms.ValidationError(
                f"The salon is closed on this date ({closure}). Change the closure first, or choose another date."
            )
        return day


@register(SpecialOpening)
class SpecialOpeningAdmin(OneWriter, ReadsWhatPeopleWrite, TellsLostTime, SalonModelAdmin):
    """Hours of one date, in place of the weekly ones."""

    grants = MANAGED
    form = SpecialOpeningForm
    written = {"shifts": ShiftsField}
    help_texts = {"shifts": "For example 09:00–12:00, 14:00–16:00. Empty: shut that day."}
    list_before_template = "admin/salon/about.html"
    about = "Other hours on one date: shorter on Christmas Eve, longer before a feast. They replace the opening hours."
    list_display = ("day", "hours", "reason")
    fields = ("date", "shifts", "reason")

    @display(description="date", ordering="date")
    def day(self, opening):
        return dated(opening.date)

    @display(description="open")
    def hours(self, opening):
        return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in opening.shifts) or "Shut"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.changed_data:
            self.tell_lost(request, dates={obj.date, form.initial.get("date", obj.date)})

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        self.tell_lost(request, dates={obj.date})
