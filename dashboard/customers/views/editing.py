"""Customers added and changed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings.services import customers
from dashboard.customers.forms import CustomerForm, fill_errors
from dashboard.customers.views.card import found_or_404
from dashboard.frame import page, show
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.EDIT_CUSTOMERS)
def add(request):
    return _edit(request)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.EDIT_CUSTOMERS)
def change(request, pk):
    customer = found_or_404(pk)
    if customer.erased_at:
        raise Http404
    return _edit(request, customer)


def _edit(request, customer=None):
    form = CustomerForm(request.POST or None, region=request.tenant.country, customer=customer)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, form, customer)
        except DomainError as exc:
            fill_errors(form, exc)
        else:
            messages.success(request, "Saved." if customer else f"{saved} added.")
            return redirect("dashboard:customer", saved.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "customer": customer}
    return show(request, "dashboard/customers/edit.html", context, here="customers", status=status)


def _save(request, form, customer):
    who = {"by": actor_of(request), "now": timezone.now()}
    if customer is None:
        return customers.add_customer(fields=form.changes(), **who)
    return customers.change_customer(customer=customer, fields=form.changes(), **who)
