"""What customers can book."""

from types import SimpleNamespace

from django import forms
from django.db.models import Count, Value
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from audit.admin import SalonModelAdmin
from bookings import stranded, unbookable, words
from bookings.admin.fields import LengthField, PhasesField, ReadsWhatPeopleWrite
from bookings.admin.sections import HOURS, SectionedPage, SectionFormSet, ShiftForm, WeekFormSet, shift
from bookings.admin.stranded import tell_above, tell_unbookable
from bookings.admin.writing import OneWriter
from bookings.models import Service, ServiceCategory, ServiceHours, ServiceTeamAssignment
from bookings.settings_rules import class_conflicts, deposit_conflicts, notice_conflicts
from tenants.admin import MANAGED, RoleInline, register
from tenants.models import FeeType
from tenants.money import Money

DEPOSITS = (
    ("", "As for all services (Settings, Policies)"),
    (FeeType.NONE, "No deposit"),
    (FeeType.FIXED, "A fixed amount"),
    (FeeType.PERCENT, "A percentage"),
)


class AssignmentInline(ReadsWhatPeopleWrite, RoleInline):
    model = ServiceTeamAssignment
    formset = SectionFormSet
    fields = ("team_member", "price_cents", "duration_min")
    verbose_name = "person"
    verbose_name_plural = "who performs it (price and minutes only where they differ)"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("team_member", "service")


class ServiceHoursFormSet(WeekFormSet):
    """Hours of the service keep apart, and somebody who performs it works at some of them."""

    overlap_sentence = "Two of these hours overlap. Join them, or change one."

    def clean(self):
        super().clean()
        team = self.sections.get(ServiceTeamAssignment)
        performed = team.kept() if team is not None else None
        hours = self.rows() if self.sent else self.kept()
        if not performed or not hours or any(form.errors for form in self.forms):
            return
        people = [own.team_member_id for own in performed if own.team_member.is_active]
        if unbookable.never_works(people=people, service_id=self.instance.pk, hours=[shift(row) for row in hours]):
            raise forms.ValidationError(
                "Nobody who performs this service works at these hours. Change them, or the hours of the team."
            )


class ServiceHoursInline(ReadsWhatPeopleWrite, RoleInline):
    model = ServiceHours
    form = ShiftForm
    formset = ServiceHoursFormSet
    written = HOURS
    fields = ("day_of_week", "start_min", "end_min")
    verbose_name = "time"
    verbose_name_plural = "when it is offered (none: whenever the people work)"


class ServiceForm(forms.ModelForm):
    """Labels and help in the salon's words, and what a service must not say at once."""

    texts = {
        "min_notice_min": ("Notice", "For example 2 h or 1 day. Empty: as in the booking rules."),
        "horizon_days": ("Days ahead", "How many days ahead it can be booked. Empty: as in the booking rules."),
        "slot_step_min": (
            "Step (minutes)",
            "A start is offered every so many minutes. Empty: as in the booking rules.",
        ),
        "is_featured": ("Featured", ""),
        "sort_order": ("Place in lists", ""),
        "requires_team_member_selection": ("Guests choose the person", "“Anyone available” is not offered."),
        "instructions": ("Instructions", "Guests read them with their confirmation."),
        "parallel_ok": ("May run at the same time", "Somebody else may work on the same guest meanwhile."),
        "resources": ("Needs", "One of each is taken for the whole visit. They are listed under Rooms & machines."),
        "allow_group_booking": ("Group booking", "One booking may bring several guests."),
        "max_group_size": ("Group size", "The most guests of one booking; for a class, its seats."),
        "shared_session": ("Class", "Guests who do not know each other share a session and its seats."),
        "scheduled_only": ("Only at set dates", "The class takes place only at the sessions you have put up."),
        "deposit_type": ("Deposit", "The part of the price a customer promises when booking. It is not charged then."),
        "deposit_cents": ("Amount", "For each guest."),
        "deposit_percent": ("Percent of the price", ""),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.texts.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, help_text
        if "deposit_type" in self.fields:
            self.fields["deposit_type"].choices = DEPOSITS
        for name in ("deposit_cents", "deposit_percent"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self):
        data = super().clean()
        self.check_deposit(data)
        self.check_switches(data)
        self.check_limits(data)
        return data

    def check_deposit(self, data):
        """A fixed deposit is at most what the dearest person asks."""
        for name in ("deposit_cents", "deposit_percent"):
            data[name] = data.get(name) or 0
        own = ServiceTeamAssignment.objects.filter(service_id=self.instance.pk).exclude(price_cents=None)
        prices = [data.get("price_cents") or 0, *own.values_list("price_cents", flat=True)]
        found = deposit_conflicts(SimpleNamespace(**data), prices=prices, money=self.business.money)
        for field, sentence in found.items():
            self.add_error(field, sentence)

    def check_switches(self, data):
        found = class_conflicts(
            grouped=bool(data.get("allow_group_booking")),
            size=data.get("max_group_size") or 1,
            shared=bool(data.get("shared_session")),
            scheduled=bool(data.get("scheduled_only")),
            phases=data.get("phases") or (),
        )
        for field, sentence in found.items():
            self.add_error(field, sentence)

    def check_limits(self, data):
        """The notice that counts must end before the furthest date that counts."""
        if self.errors.keys() & {"min_notice_min", "horizon_days"}:
            return
        own = (data.get("min_notice_min"), data.get("horizon_days"))
        rules = (self.business.min_notice_min, self.business.horizon_days)
        for field, sentence in notice_conflicts(business=rules, service=own).items():
            self.add_error(field, sentence)


@register(ServiceCategory)
class ServiceCategoryAdmin(OneWriter, SalonModelAdmin):
    grants = MANAGED
    list_display = ("name", "swatch", "services_count", "sort_order")
    search_fields = ("name",)
    fields = ("name", "description", "color", "sort_order")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(services_count=Count("services"))

    @display(description="colour")
    def swatch(self, category):
        return format_html('<span class="salon-swatch" style="background:{}"></span>{}', category.color, category.color)

    @display(description="services", ordering="services_count")
    def services_count(self, category):
        return category.services_count


@register(Service)
class ServiceAdmin(OneWriter, SectionedPage, ReadsWhatPeopleWrite, SalonModelAdmin):
    grants = MANAGED
    form = ServiceForm
    kept_sentence = (
        "“{object}” is part of bookings, so it was kept. Switch off “Active” to take it off the booking page."
    )
    written = {"phases": PhasesField, "min_notice_min": LengthField}
    help_texts = {
        "phases": "Empty: one piece of work. Else they add up to the duration, e.g. 30 active, 45 processing, 15 active."
    }
    list_display = ("name", "category", "length", "price", "active", "featured")
    list_filter = ("active", "category")
    list_select_related = ("category",)
    search_fields = ("name", "description")
    inlines = (AssignmentInline, ServiceHoursInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "category"),
                    ("price_cents", "duration_min"),
                    "phases",
                    "short_description",
                    "description",
                    "image",
                    ("active", "is_featured"),
                    "sort_order",
                )
            },
        ),
        (
            "Rules",
            {
                "fields": (
                    ("buffer_before_min", "buffer_after_min"),
                    ("min_notice_min", "horizon_days"),
                    ("slot_step_min", "parallel_ok"),
                    "requires_team_member_selection",
                    "resources",
                    "instructions",
                )
            },
        ),
        ("Deposit", {"fields": ("deposit_type", ("deposit_cents", "deposit_percent"))}),
        (
            "Groups and classes",
            {"fields": (("allow_group_booking", "max_group_size"), ("shared_session", "scheduled_only"))},
        ),
    )

    def get_queryset(self, request):
        currency = Value(request.tenant.currency_code)
        return super().get_queryset(request).filter(deleted_at=None).annotate(currency_code=currency)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.business = request.tenant
        if "resources" in form.base_fields:
            form.base_fields["resources"].widget.can_add_related = False  # a menu of one entry beside the boxes
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "resources":
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def construct_change_message(self, request, form, formsets, add=False):
        """The trail keeps the names of what is needed."""
        before, after = super().construct_change_message(request, form, formsets, add)
        if "resources" in after:
            before["resources"] = sorted(str(each) for each in form.initial.get("resources") or ())
            after["resources"] = sorted(str(each) for each in form.cleaned_data["resources"])
        return before, after

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        service = form.instance
        if change and "max_group_size" in form.changed_data:
            above = stranded.above_size(service=service, size=service.max_group_size, now=timezone.now())
            tell_above(request, self, "places", above)
        if service.active and (form.changed_data or any(formset.has_changed() for formset in formsets)):
            tell_unbookable(request, self, unbookable.unbookable(business=request.tenant, services=[service]))

    def is_kept(self, service):
        return service.booking_items.exists() or service.sessions.exists()

    @display(description="featured", boolean=True, ordering="is_featured")
    def featured(self, service):
        return service.is_featured

    @display(description="duration", ordering="duration_min")
    def length(self, service):
        return words.length(service.duration_min)

    @display(description="price", ordering="price_cents")
    def price(self, service):
        return str(Money(service.price_cents, service.currency_code))
