"""Rooms, chairs and machines a visit may need."""

from django import forms
from django.db.models import Count
from django.utils import timezone
from unfold.decorators import display

from audit.admin import SalonModelAdmin
from bookings import stranded
from bookings.admin.stranded import tell_above, tell_moves
from bookings.admin.team import TimeBlockInline
from bookings.admin.writing import OneWriter
from bookings.models import Resource, TimeBlock
from tenants.admin import MANAGED, register


class ResourceForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "quantity" in self.fields:
            self.fields["quantity"].label = "How many"
            self.fields["quantity"].help_text = "A visit takes one of them."


@register(Resource)
class ResourceAdmin(OneWriter, SalonModelAdmin):
    grants = MANAGED
    form = ResourceForm
    list_before_template = "admin/salon/about.html"
    about = "What a visit may need beside a person. A service says on its page which of these it needs."
    kept_sentence = "“{object}” is needed by services or visits, so it was kept. Take it off the services first."
    list_display = ("name", "quantity", "needed_by")
    search_fields = ("name",)
    fields = ("name", ("quantity", "sort_order"))
    inlines = (TimeBlockInline,)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(services_count=Count("services"))

    @display(description="services", ordering="services_count")
    def needed_by(self, resource):
        return resource.services_count

    def is_kept(self, resource):
        return resource.services.exists() or resource.occupancy.exists()

    def save_formset(self, request, form, formset, change):
        """A block remembers who made it."""
        for row in formset.extra_forms:
            row.instance.created_by = request.user.pk
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        """Visits that lose their room stay as they are, and are named."""
        super().save_related(request, form, formsets, change)
        now = timezone.now()
        blocks = [block for formset in formsets if formset.model is TimeBlock for block in formset.saved_rows()]
        found = [visit for block in blocks for visit in stranded.in_block(block=block, now=now)]
        tell_moves(request, self, "These visits need it while it is blocked", list(dict.fromkeys(found)))
        if change and "quantity" in form.changed_data:
            above = stranded.above_capacity(resource=form.instance, capacity=form.instance.quantity, now=now)
            tell_above(request, self, "of it", above)
