"""Packages in the salon's admin, to read; they are changed and sold on the dashboard."""

from django.db import connection
from unfold.decorators import display

from audit.admin import SalonModelAdmin
from bookings.models import Service
from giftcards import packages_shown
from giftcards.models import Package
from tenants.admin import Grants, register
from tenants.languages import listed
from tenants.permissions import Permission


@register(Package)
class PackageAdmin(SalonModelAdmin):
    grants = Grants(view=Permission.VIEW_MONEY)
    list_display = ("title_shown", "price_shown", "lasts", "sold_online", "active")
    list_filter = ("active", "sold_online")
    search_fields = ("name",)
    ordering = ("sort_order", "name", "pk")
    fields = (
        ("title_shown", "price_shown"),
        "good_for",
        "lasts",
        "description",
        ("sold_online", "active"),
    )

    @display(description="package", ordering="name")
    def title_shown(self, package):
        return package.title

    @display(description="price", ordering="price_cents")
    def price_shown(self, package):
        return str(connection.tenant.money(package.price_cents))

    @display(description="good for")
    def good_for(self, package):
        names = Service.objects.filter(pk__in=package.service_ids, deleted_at=None).values_list("name", flat=True)
        return listed(names)

    @display(description="lasts", ordering="valid_months")
    def lasts(self, package):
        return packages_shown.lasts(package.valid_months)
