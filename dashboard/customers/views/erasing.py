"""A customer asks to be forgotten."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import queries
from bookings.services import customers
from dashboard.customers.views.card import found_or_404
from dashboard.frame import page, show
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ERASE_CUSTOMERS)
def erase(request, pk):
    customer = found_or_404(pk)
    if customer.erased_at and request.method != "POST":
        raise Http404
    if request.method == "POST" and "sure" not in request.POST:
        return _ask(request, customer, "Tick the box first: erasing cannot be undone.")
    if request.method == "POST":
        try:
            customers.erase_customer(customer=customer, by=actor_of(request), now=timezone.now())
        except DomainError as exc:
            return _ask(request, customer, str(exc))
        messages.success(request, "Erased. Visits and payments stay in the books, without a name.")
        return redirect("dashboard:customer", customer.pk)
    return _ask(request, customer)


def _ask(request, customer, problem=""):
    figures = queries.figures_of([customer], now=timezone.now())[customer.pk]
    context = {"customer": customer, "figures": figures, "problem": problem}
    return show(request, "dashboard/customers/erase.html", context, here="customers", status=422 if problem else 200)
