"""Two rows that may be one person: which ones, what each says, and the press that cannot be taken back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.admin import actor_of
from bookings import queries, words
from bookings.services import customers
from bookings.services.customers.merging import CHOICES
from dashboard.customers import shown
from dashboard.customers.views.card import found_or_404
from dashboard.frame import page, show
from tenants.errors import DomainError
from tenants.permissions import Permission

LABELS = {"display_name": "Name", "email": "E-mail", "phone": "Phone", "preferred_member": "Preferred person"}
MOST = 50


@require_safe
@page(Permission.ERASE_CUSTOMERS)
def duplicates(request):
    found = queries.duplicates(most=MOST)
    figures = queries.figures_of({each for pair in found for each in (pair.one, pair.two)}, now=timezone.now())
    pairs = [
        {
            "why": pair.why,
            "sides": [_side(each, figures) for each in (pair.one, pair.two)],
            "one": pair.one,
            "two": pair.two,
        }
        for pair in found
    ]
    context = {"pairs": pairs, "is_full": len(pairs) == MOST}
    return show(request, "dashboard/customers/duplicates.html", context, here="customers")


def _side(customer, figures):
    visits = words.count(figures[customer.pk].visits, "visit", "visits")
    return {"customer": customer, "phone": shown.phone(customer.phone), "visits": visits}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ERASE_CUSTOMERS)
def merge(request, pk, other_pk):
    """`pk` stays; what is left of `other_pk` is its place as a link."""
    kept, gone = found_or_404(pk), found_or_404(other_pk)
    if kept.pk == gone.pk:
        if pk == other_pk:
            raise Http404
        messages.success(request, "They are one customer already.")
        return redirect("dashboard:customer", kept.pk)
    if request.method == "POST" and "sure" not in request.POST:
        return _ask(request, kept, gone, "Tick the box first: merging cannot be undone.")
    if request.method == "POST":
        return _press(request, kept, gone)
    return _ask(request, kept, gone)


def _press(request, kept, gone):
    take = [name for name in CHOICES if request.POST.get(name) == "other"]
    try:
        kept = customers.merge_customers(customer=kept, other=gone, take=take, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        return _ask(request, kept, gone, str(exc))
    messages.success(request, f"Merged. Everything of both belongs to {kept} now.")
    return redirect("dashboard:customer", kept.pk)


def _ask(request, kept, gone, problem=""):
    figures = queries.figures_of([kept, gone], now=timezone.now())
    context = {
        "kept": kept,
        "gone": gone,
        "fields": [_field(name, kept, gone, request.POST.get(name)) for name in CHOICES],
        "sides": [{"customer": each, "figures": figures[each.pk]} for each in (kept, gone)],
        "news": kept.marketing_opt_in and gone.marketing_opt_in,
        "loses_news": kept.marketing_opt_in != gone.marketing_opt_in,
        "problem": problem,
    }
    status = 422 if problem else 200
    return show(request, "dashboard/customers/merge.html", context, here="customers", status=status)


def _field(name, kept, gone, chosen):
    """A value of both: to choose from where they differ."""
    one, two = (_text(getattr(each, name), name) for each in (kept, gone))
    return {
        "name": name,
        "label": LABELS[name],
        "one": one,
        "two": two,
        "asked": bool(one and two and one != two),
        "takes_other": chosen == "other",
        "result": one or two,
    }


def _text(value, name):
    return shown.phone(value) if name == "phone" else str(value or "")
