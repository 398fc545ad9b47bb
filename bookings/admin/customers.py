from django import forms
from django.utils import timezone
from unfold.decorators import display

from audit.admin import SalonModelAdmin, actor_of
from bookings import queries
from bookings.models import Customer
from bookings.services import customers
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
    search_fields = ("display_name",)  # there is a field to search with; what it finds, `get_search_results` says
    search_help_text = "Name, e-mail or phone"
    fields = (
        "display_name",
        ("email", "phone"),
        "preferred_member",
        "notes",
        ("marketing_opt_in", "marketing_opt_in_at"),
        "since",
    )
    readonly_fields = ("marketing_opt_in", "marketing_opt_in_at", "since")  # only the customer can opt in

    def is_kept(self, customer):
        return customer.bookings.exists()

    def get_queryset(self, request):
        """Without those who were forgotten."""
        return super().get_queryset(request).filter(erased_at=None)

    def get_search_results(self, request, customers, term):
        return queries.searched(customers, term), False

    def save_model(self, request, obj, form, change):
        """The verb writes, and its line of the trail; the form has found what it would refuse."""
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        who = {"by": actor_of(request), "now": timezone.now()}
        if change:
            saved = customers.change_customer(customer=obj, fields=fields, **who)
        else:
            saved = customers.add_customer(fields=fields, **who)
        obj.pk, obj._state.adding = saved.pk, False

    def log_addition(self, request, obj, message):
        """Written by the verb."""

    log_change = log_addition

    def log_deletions(self, request, queryset):
        """That somebody was deleted, and not who: nobody could have it forgotten afterwards."""
        for customer in queryset:
            customers.forget_deleted(customer=customer, by=actor_of(request), now=timezone.now())

    @display(description="news", boolean=True, ordering="marketing_opt_in")
    def wants_news(self, customer):
        return customer.marketing_opt_in
