"""What customers can book."""

from django import forms
from django.db.models import Count, Value
from django.utils.html import format_html
from unfold.decorators import display

from audit.admin import SalonModelAdmin
from bookings import words
from bookings.admin.fields import PhasesField, ReadsWhatPeopleWrite
from bookings.models import Service, ServiceCategory, ServiceTeamAssignment
from tenants.admin import MANAGED, RoleInline, register
from tenants.money import Money


class AssignmentInline(ReadsWhatPeopleWrite, RoleInline):
    model = ServiceTeamAssignment
    fields = ("team_member", "price_cents", "duration_min")
    verbose_name_plural = "who performs it (price and minutes only where they differ)"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("team_member", "service")


class ServiceForm(forms.ModelForm):
    def clean(self):
        """A group needs a size, and the switch that allows it."""
        data = super().clean()
        size, grouped = data.get("max_group_size"), data.get("allow_group_booking")
        if size and size > 1 and not grouped:
            self.add_error("max_group_size", "Switch on group booking, or set the group size to 1.")
        return data


@register(ServiceCategory)
class ServiceCategoryAdmin(SalonModelAdmin):
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
class ServiceAdmin(ReadsWhatPeopleWrite, SalonModelAdmin):
    grants = MANAGED
    form = ServiceForm
    kept_sentence = (
        "“{object}” is part of bookings, so it was kept. Switch off “Active” to take it off the booking page."
    )
    written = {"phases": PhasesField}
    help_texts = {
        "phases": "Empty: one piece of work. Else they add up to the duration, e.g. 30 active, 45 processing, 15 active."
    }
    list_display = ("name", "category", "length", "price", "active", "is_featured")
    list_filter = ("active", "category")
    list_select_related = ("category",)
    search_fields = ("name", "description")
    inlines = (AssignmentInline,)
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
                    ("active", "is_featured", "sort_order"),
                )
            },
        ),
        (
            "Rules",
            {
                "fields": (
                    ("buffer_before_min", "buffer_after_min"),
                    ("min_notice_min", "slot_step_min"),
                    "requires_team_member_selection",
                    ("allow_group_booking", "max_group_size"),
                    "instructions",
                )
            },
        ),
    )

    def get_queryset(self, request):
        currency = Value(request.tenant.currency_code)
        return super().get_queryset(request).filter(deleted_at=None).annotate(currency_code=currency)

    def is_kept(self, service):
        return service.booking_items.exists()

    @display(description="duration", ordering="duration_min")
    def length(self, service):
        return words.length(service.duration_min)

    @display(description="price", ordering="price_cents")
    def price(self, service):
        return str(Money(service.price_cents, service.currency_code))
