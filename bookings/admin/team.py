"""The people, when they work, and when the salon is open."""

from itertools import pairwise

from django import forms
from django.db import models
from unfold.decorators import display
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeVerticalWidget,
)

from audit.admin import SalonModelAdmin
from bookings.admin.fields import ReadsWhatPeopleWrite, ShiftsField, WallTimeField, WordsField
from bookings.models import (
    Booking,
    Closure,
    OpeningHours,
    SpecialDay,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.models.bookings import OPEN
from bookings.models.hours import DAY
from tenants.admin import MANAGED, RoleInline, register
from tenants.models import User, hex_color

HOURS = {"start_min": WallTimeField, "end_min": WallTimeField}


class ShiftForm(forms.ModelForm):
    """A weekly shift: it has a length and begins on its own day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("start_min", "From"), ("end_min", "To")):
            if name in self.fields:
                self.fields[name].label = label

    def clean(self):
        data = super().clean()
        start, end = data.get("start_min"), data.get("end_min")
        if start is not None and start >= DAY:
            self.add_error("start_min", "A shift starts before 24:00; put it on the next day.")
        elif start is not None and end is not None and end <= start:
            self.add_error("end_min", "The end must be after the start; write 26:00 for two in the morning.")
        return data


def first_overlap(shifts):
    """The first two of (weekday, start, end) that meet within the week, nights and Sunday to Monday included."""
    spans = sorted(((day - 1) * DAY + start, (day - 1) * DAY + end) for day, start, end in shifts)
    if spans:
        spans.append((spans[0][0] + 7 * DAY, spans[0][1] + 7 * DAY))
    return next(((one, two) for one, two in pairwise(spans) if two[0] < one[1]), None)


class WeeklyHoursFormSet(PaginationInlineFormSet):
    """A person cannot work twice at one time; hours for one service are a plan of their own."""

    def clean(self):
        super().clean()
        plans = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("DELETE") or form.errors or "day_of_week" not in data:
                continue
            plans.setdefault(data.get("service"), []).append((data["day_of_week"], data["start_min"], data["end_min"]))
        if any(first_overlap(shifts) for shifts in plans.values()):
            raise forms.ValidationError("Two shifts overlap. Join them, or change one.")


class WeeklyHoursInline(ReadsWhatPeopleWrite, RoleInline):
    model = TeamMemberAvailability
    form = ShiftForm
    formset = WeeklyHoursFormSet
    written = HOURS
    fields = ("day_of_week", "start_min", "end_min", "service")
    empty_labels = {"service": "Every service"}


class SpecialDayInline(ReadsWhatPeopleWrite, RoleInline):
    model = SpecialDay
    written = {"shifts": ShiftsField}
    fields = ("date", "shifts", "open_anyway", "reason")
    verbose_name_plural = "special days (no shifts: a day off)"


class TimeBlockInline(RoleInline):
    model = TimeBlock
    fields = ("starts_at", "ends_at", "reason")
    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": UnfoldAdminSplitDateTimeVerticalWidget}
    }


class TeamMemberForm(forms.ModelForm):
    user_id = forms.ChoiceField(label="Login", required=False, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "user_id" in self.fields:
            people = User.objects.filter(memberships__business=self.business).order_by("email")
            self.fields["user_id"].choices = [("", "None"), *((str(person.pk), person.email) for person in people)]

    def clean_user_id(self):
        chosen = self.cleaned_data["user_id"] or None
        if chosen and TeamMember.objects.filter(user_id=chosen).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody else on the team has this login.")
        return chosen

    def clean_color(self):
        hex_color(self.cleaned_data["color"])
        return self.cleaned_data["color"]


@register(TeamMember)
class TeamMemberAdmin(ReadsWhatPeopleWrite, SalonModelAdmin):
    grants = MANAGED
    form = TeamMemberForm
    kept_sentence = "{object} has bookings, so the entry was kept. Switch off “Is active” to take no more of them."
    written = {"specialties": WordsField}
    help_texts = {"specialties": "Separated by commas."}
    list_display = ("name", "title", "email", "phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("first_name", "last_name", "display_name", "email")
    inlines = (WeeklyHoursInline, SpecialDayInline, TimeBlockInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("first_name", "last_name"),
                    ("display_name", "title"),
                    ("email", "phone"),
                    "user_id",
                    "bio",
                    "profile_image",
                    "specialties",
                    ("color", "sort_order"),
                    "is_active",
                )
            },
        ),
        ("Diary", {"fields": (("max_concurrent_bookings", "buffer_time_minutes"),)}),
    )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.business = request.tenant
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "color":
            kwargs["widget"] = UnfoldAdminColorInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def is_kept(self, member):
        return member.bookings.exists() or member.booking_items.exists() or member.occupancy.exists()

    def save_formset(self, request, form, formset, change):
        """A block remembers who made it; visits it falls on stay, and are named."""
        if formset.model is TimeBlock:
            for row in formset.extra_forms:
                row.instance.created_by = request.user.pk
        super().save_formset(request, form, formset, change)
        if formset.model is not TimeBlock:
            return
        blocks = [*formset.new_objects, *(block for block, _ in formset.changed_objects)]
        refs = [ref for block in blocks for ref in refs_within(block)]
        if refs:
            text = f"These visits fall into blocked time and need a move: {', '.join(refs)}."
            self.message_user(request, text, "WARNING")


def refs_within(block):
    """The confirmation numbers of visits still to come in blocked time."""
    return Booking.objects.filter(
        team_member=block.team_member_id, status__in=OPEN, start_at__lt=block.ends_at, end_at__gt=block.starts_at
    ).values_list("ref", flat=True)


class OpeningHoursForm(ShiftForm):
    def clean(self):
        data = super().clean()
        if not self.errors and "day_of_week" in data:
            others = OpeningHours.objects.exclude(pk=self.instance.pk)
            mine = (data["day_of_week"], data["start_min"], data["end_min"])
            if first_overlap([mine, *others.values_list("day_of_week", "start_min", "end_min")]):
                raise forms.ValidationError("These hours overlap others. Join them, or change one.")
        return data


@register(OpeningHours)
class OpeningHoursAdmin(ReadsWhatPeopleWrite, SalonModelAdmin):
    grants = MANAGED
    form = OpeningHoursForm
    written = HOURS
    list_display = ("day_of_week", "hours")
    fields = ("day_of_week", ("start_min", "end_min"))

    @display(description="open", ordering="start_min")
    def hours(self, shift):
        return str(shift).removeprefix(f"{shift.get_day_of_week_display()} ")


@register(Closure)
class ClosureAdmin(SalonModelAdmin):
    grants = MANAGED
    list_display = ("start_date", "end_date", "reason")
    fields = (("start_date", "end_date"), "reason")
