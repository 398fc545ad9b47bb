from django import forms
from django.utils import timezone
from unfold.decorators import display

from audit.admin import SalonModelAdmin
from bookings import signals
from bookings.models import Customer
from tenants.admin import Grants, moment, register
from tenants.permissions import Permission


class CustomerForm(forms.ModelForm):
    def clean_email(self):
        """Lower case, and nobody else's."""
        email = self.cleaned_data["email"].lower()
        if email and Customer.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another customer has this e-mail address.")
        return email


@register(Customer)
class CustomerAdmin(SalonModelAdmin):
    grants = Grants(
        view=Permission.VIEW_CUSTOMERS,
        add=Permission.EDIT_CUSTOMERS,
        change=Permission.EDIT_CUSTOMERS,
        delete=Permission.ERASE_CUSTOMERS,
    )
    form = CustomerForm
    kept_sentence = "{object} has bookings, so the entry was kept."
    list_display = ("display_name", "email", "phone", "wants_news", "since")
    since = moment("created_at", "since")
    list_filter = ("marketing_opt_in",)
    search_fields = ("display_name", "email", "phone")
    fields = (
        "display_name",
        ("email", "phone"),
        "notes",
        ("marketing_opt_in", "marketing_opt_in_at"),
        "since",
    )
    readonly_fields = ("marketing_opt_in", "marketing_opt_in_at", "since")  # only the customer can opt in

    def is_kept(self, customer):
        return customer.bookings.exists()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            signals.customer_added.send(sender=Customer, customer=obj, at=timezone.now())

    @display(description="news", boolean=True, ordering="marketing_opt_in")
    def wants_news(self, customer):
        return customer.marketing_opt_in
