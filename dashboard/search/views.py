"""One field for everything: visits, customers, services, each as far as the reader may see it."""

from django.db.models import Q
from django.views.decorators.http import require_safe

from bookings import queries, words
from bookings.models import Service
from dashboard import desk
from dashboard.frame import page, show
from dashboard.visits.views import page_of_customer
from tenants import policies
from tenants.permissions import Permission

SHORTEST, LONGEST = 2, 100
#: In the suggestions below the field, and on the page.
FEW, MANY = 5, 20


@require_safe
@page(Permission.VIEW_DIARY)
def search(request):
    """The page of results; asked by the field itself (htmx) only the suggestions."""
    term = " ".join(queries.words_of(request.GET.get("q", "")))[:LONGEST]
    at_hand = request.headers.get("HX-Request") == "true" and "page" not in request.GET
    groups = found(term, request.membership, FEW if at_hand else MANY) if len(term) >= SHORTEST else []
    context = {"term": term, "groups": groups, "short": 0 < len(term) < SHORTEST}
    template = "dashboard/search/_suggestions.html" if at_hand else "dashboard/search/results.html"
    return show(request, template, context, here="search")


def found(term, membership, most):
    """Groups of results that are not empty: {"title", "rows": [{"url", "title", "note", "badge"}], "more"}."""
    sees_customers = policies.may(membership, Permission.VIEW_CUSTOMERS)
    visits = _visits(term, contacts=sees_customers)
    groups = [_group("Visits", visits, most, _visit), _group("Services", _services(term), most, _service)]
    if sees_customers:
        people = queries.in_order(queries.searched(queries.customers(), term), "name")
        groups.insert(0, _group("Customers", people, most, _customer))
    if not policies.may(membership, Permission.WORK_DIARY):  # a service leads to the form that books it
        groups.pop()
    return [group for group in groups if group["rows"]]


def _group(title, rows, most, shown):
    rows = list(rows[: most + 1])
    return {"title": title, "rows": [shown(row) for row in rows[:most]], "more": len(rows) > most}


def _visits(term, *, contacts):
    return queries.visits_by(queries.visits_with_people(), term, contacts=contacts).order_by("-start_at", "pk")


def _services(term):
    wanted = Q()
    for word in term.split():
        wanted &= Q(name__icontains=word)
    return Service.objects.filter(wanted, deleted_at=None).select_related("category").order_by("name", "pk")


def _visit(booking):
    return {
        "url": desk.url_of_visit(booking),
        "title": f"{booking.contact_name}, {words.when(booking.local_start)}",
        "note": f"{booking.ref} · {booking.service_name}",
        "badge": desk.state_badge(booking),
    }


def _customer(customer):
    phone = customer.phone.as_international if customer.phone else ""
    note = " · ".join(filter(None, [phone, customer.email]))
    return {"url": page_of_customer(customer.pk), "title": customer.display_name, "note": note, "badge": None}


def _service(service):
    note = " · ".join(filter(None, [str(service.category or ""), words.length(service.duration_min)]))
    return {"url": desk.url_of_new_visit(service=service.pk), "title": service.name, "note": note, "badge": None}
