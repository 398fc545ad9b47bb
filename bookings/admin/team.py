"""The people: who they are, when they work and rest, what they perform."""

from django import forms
from django.db import models
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminColorInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeVerticalWidget,
)

from audit.admin import SalonModelAdmin
from bookings import stranded, unbookable
from bookings.admin.fields import ReadsWhatPeopleWrite, ShiftsField, WordsField
from bookings.admin.sections import HOURS, BreakForm, SectionedPage, SectionFormSet, ShiftForm, WeekFormSet, shift
from bookings.admin.stranded import tell_above, tell_moves, tell_unbookable
from bookings.admin.writing import OneWriter
from bookings.models import (
    Break,
    Service,
    ServiceTeamAssignment,
    SpecialDay,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.services.closures import is_closed
from bookings.settings_rules import first_overlap, named, swallowed
from tenants.admin import MANAGED, RoleInline, register
from tenants.models import User, hex_color

__all__ = ["TeamMemberAdmin", "first_overlap"]


class WeeklyHoursFormSet(WeekFormSet):
    """A person cannot work twice at one time; hours for one service are a plan of their own."""

    overlap_sentence = "Two shifts overlap. Join them, or change one."

    def plans(self):
        plans = {}
        for row in self.rows():
            plans.setdefault(row.service_id, []).append(row)
        return plans


class WeeklyHoursInline(ReadsWhatPeopleWrite, RoleInline):
    model = TeamMemberAvailability
    form = ShiftForm
    formset = WeeklyHoursFormSet
    written = HOURS
    fields = ("day_of_week", "start_min", "end_min", "service")
    verbose_name = "shift"
    verbose_name_plural = "weekly hours"
    empty_labels = {"service": "Every service"}


class BreaksFormSet(WeekFormSet):
    """Breaks keep apart, and leave something of every shift; the salon's own breaks count too."""

    overlap_sentence = "Two breaks overlap or touch. Write them as one."
    touching_refused = True

    def clean(self):
        super().clean()
        weekly = self.sections.get(TeamMemberAvailability)
        working = weekly.kept() if weekly is not None else None
        if not working or any(form.errors for form in self.forms):
            return
        breaks = self.rows() if self.sent else self.kept()
        resting = [*breaks, *Break.objects.filter(team_member=None)]
        lost = swallowed([shift(row) for row in working], [shift(row) for row in resting])
        if lost:
            raise forms.ValidationError(
                f"The breaks take up the whole shift on {named(lost)}. Make them shorter, or delete the shift."
            )


class BreakInline(ReadsWhatPeopleWrite, RoleInline):
    model = Break
    form = BreakForm
    formset = BreaksFormSet
    written = HOURS
    fields = ("day_of_week", "start_min", "end_min")
    verbose_name_plural = "breaks (every week)"


class SpecialDayInline(ReadsWhatPeopleWrite, RoleInline):
    model = SpecialDay
    formset = SectionFormSet
    written = {"shifts": ShiftsField}
    fields = ("date", "shifts", "open_anyway", "reason")
    verbose_name_plural = "special days (no shifts: a day off)"


class TimeBlockInline(RoleInline):
    model = TimeBlock
    formset = SectionFormSet
    fields = ("starts_at", "ends_at", "reason")

    def get_queryset(self, request):
        """What was read from calendars elsewhere is changed there."""
        return super().get_queryset(request).filter(source_id=None)

    formfield_overrides = {
        models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": UnfoldAdminSplitDateTimeVerticalWidget}
    }


class PerformsInline(ReadsWhatPeopleWrite, RoleInline):
    model = ServiceTeamAssignment
    formset = SectionFormSet
    fields = ("service", "price_cents", "duration_min")
    verbose_name = "service"
    verbose_name_plural = "what this person performs (price and minutes only where they differ)"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("team_member", "service")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "service":
            kwargs["queryset"] = Service.objects.filter(deleted_at=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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
class TeamMemberAdmin(OneWriter, SectionedPage, ReadsWhatPeopleWrite, SalonModelAdmin):
    grants = MANAGED
    form = TeamMemberForm
    kept_sentence = "{object} has bookings, so the entry was kept. Switch off “Active” to take no more of them."
    written = {"specialties": WordsField}
    help_texts = {"specialties": "Separated by commas."}
    labels = {
        "is_active": "Active",
        "color": "Colour",
        "sort_order": "Place in lists",
        "max_concurrent_bookings": "Visits at one time",
        "buffer_time_minutes": "Time after each visit (minutes)",
    }
    list_display = ("name", "title", "email", "phone", "active")
    list_filter = ("is_active",)
    search_fields = ("first_name", "last_name", "display_name", "email")
    inlines = (WeeklyHoursInline, SpecialDayInline, TimeBlockInline, BreakInline, PerformsInline)
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

    @display(description="active", boolean=True, ordering="is_active")
    def active(self, member):
        return member.is_active

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "color":
            kwargs["widget"] = UnfoldAdminColorInputWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def is_kept(self, member):
        return member.bookings.exists() or member.booking_items.exists() or member.occupancy.exists()

    def save_formset(self, request, form, formset, change):
        """A block remembers who made it."""
        if formset.model is TimeBlock:
            for row in formset.extra_forms:
                row.instance.created_by = request.user.pk
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        """Visits that lose their time stay as they are, and are named."""
        super().save_related(request, form, formsets, change)
        sections = {formset.model: formset for formset in formsets}
        self.tell_moves(request, form.instance, sections)
        left = "is_active" in form.changed_data and not form.instance.is_active
        unlearned = [own.service_id for own in sections[ServiceTeamAssignment].deleted_objects]
        self.tell_left(request, form.instance, left, unlearned)
        if "max_concurrent_bookings" in form.changed_data and change:
            found = stranded.above_capacity(
                team_member=form.instance, capacity=form.instance.max_concurrent_bookings, now=timezone.now()
            )
            tell_above(request, self, "places of this person", found)
        planned = (TeamMemberAvailability, Break, ServiceTeamAssignment)
        if any(sections[model].has_changed() for model in planned) or "buffer_time_minutes" in form.changed_data:
            mine = Service.objects.filter(active=True, deleted_at=None, assignments__team_member=form.instance)
            tell_unbookable(request, self, unbookable.unbookable(business=request.tenant, services=list(mine)))

    def tell_moves(self, request, member, sections):
        now, business = timezone.now(), request.tenant
        blocked = [
            visit for block in sections[TimeBlock].saved_rows() for visit in stranded.in_block(block=block, now=now)
        ]
        tell_moves(request, self, "These visits fall into blocked time", list(dict.fromkeys(blocked)))
        if breaks := sections[Break].saved_rows():
            found = stranded.in_breaks(breaks=breaks, zone=business.zone, now=now)
            tell_moves(request, self, "These visits fall into a break", found)
        dates = sections[SpecialDay].touched("date")
        if sections[TeamMemberAvailability].has_changed() or dates:
            some = None if sections[TeamMemberAvailability].has_changed() else dates
            found = stranded.outside_hours(business=business, members=[member.pk], dates=some, now=now)
            tell_moves(request, self, "These visits lie outside the hours", found)
        closed = [
            visit
            for day in sorted(day for day in dates if is_closed(day))
            for visit in stranded.in_closure(first=day, last=day, zone=business.zone, now=now, members=[member.pk])
        ]
        tell_moves(request, self, "These visits fall on days the salon is closed", list(dict.fromkeys(closed)))

    def tell_left(self, request, member, left, unlearned):
        """Visits of somebody who has left, or who no longer performs some services."""
        now = timezone.now()
        if left:
            found = stranded.of_person(member=member, now=now)
            tell_moves(request, self, f"These visits are with {member.name}, who is no longer active,", found)
        elif unlearned:
            found = stranded.of_person(member=member, now=now, services=unlearned)
            tell_moves(request, self, f"These visits are for what {member.name} no longer performs", found)
