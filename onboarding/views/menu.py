"""Step 6: what can be booked, under which headings."""

from contextlib import suppress
from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from bookings import words
from bookings.models import ServiceCategory
from bookings.services import catalogue, records
from dashboard.settings import previewing
from onboarding import colors, queries, services, starters
from onboarding.forms.menu import CategoryForm, ServiceForm, ServiceRows, offers_of
from onboarding.views import looking
from onboarding.views.frame import step, tell
from tenants.errors import DomainError


@step("services")
def menu(request, at):
    """The menu as it is, and rows for more; those of the kind of business while there is nothing yet."""
    currency, parts = at.business.currency_code, queries.menu()
    is_empty = not any(part.services for part in parts)
    offers = offers_of(starters.starter_for(at.business.category), currency) if is_empty else ()
    rows = ServiceRows(request.POST or None, currency=currency, offers=offers)
    problem = ""
    if request.method == "POST" and "add" not in request.POST and rows.is_valid():
        problem = _save(at, rows)
        if problem is None:
            return at.onward(stay="stay" in request.POST)
    return at.page(
        "services",
        rows=rows,
        problem=problem or " ".join(rows.non_form_errors()),
        parts=[_part(at, part) for part in parts],
        is_empty=is_empty,
        categories=[part.category.name for part in parts if part.category],
    )


def _save(at, rows):
    """None when all rows were taken; else what to say above them, besides what stands at the rows."""
    try:
        services.save_services(progress=at.progress, rows=rows.services(), by=at.by, now=at.now)
    except services.RowsRefused as exc:
        rows.tell(exc.rows)
        return ""
    except DomainError as exc:
        return str(exc)
    return None


@step("services")
def service(request, at, pk):
    """One service: what is changed most. The rest is in the salon's admin."""
    found = get_object_or_404(queries.services(), pk=pk)
    form = ServiceForm(request.POST or None, service=found, team=queries.team(), currency=at.business.currency_code)
    if previewing.wanted(request) and form.is_valid() and (answer := _change(at, form, found)):
        return answer
    return at.page(
        "service",
        form=form,
        service=found,
        categories=ServiceCategory.objects.values_list("name", flat=True),
        admin_url=f"{at.business.url}/admin/bookings/service/{found.pk}/change/",
        remove_url=_below(at, "remove-service", found.pk),
        back_url=at.address(at.step),
    )


def _change(at, form, found):
    """The way on, or the page to look at first; None where it is refused, which is said at the form."""
    save = partial(services.change_offer, progress=at.progress, service=found, **form.values())
    try:
        _, page = looking.kept(at, found.name, save)
    except DomainError as exc:
        tell(form, exc)
        return None
    return page or redirect(at.address(at.step, saved=True))


@step("services")
def remove_service(request, at, pk):
    """Asks first; says what becomes of visits."""
    found = get_object_or_404(queries.services(), pk=pk)
    return _removal(request, at, found, f"Remove {found.name}?", catalogue.remove_service, "service")


@step("services")
def category(request, at, pk=None):
    """A heading, new or not: its name and its colour."""
    found = get_object_or_404(ServiceCategory, pk=pk) if pk else None
    initial = {"name": found.name, "color": found.color} if found else {"color": colors.nth(_count())}
    form = CategoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change = {"category": found} if found else {}
        verb = catalogue.change_category if found else catalogue.create_category
        if at.done(form, verb, fields=form.cleaned_data, **change):
            return redirect(at.address(at.step, saved=True))
    remove_url = found and _below(at, "remove-category", found.pk)
    return at.page("category", form=form, category=found, remove_url=remove_url, back_url=at.address(at.step))


@step("services")
def remove_category(request, at, pk):
    found = get_object_or_404(ServiceCategory, pk=pk)
    return _removal(request, at, found, f"Remove the category {found.name}?", catalogue.remove_category, "category")


def _removal(request, at, found, title, verb, name):
    if request.method == "POST":
        with suppress(records.Gone):  # somebody else was faster: it is gone, as asked
            verb(by=at.by, now=at.now, **{name: found})
        return redirect(at.address(at.step, saved=True))
    return at.page("remove", title=title, is_service=name == "service", list_url=at.address(at.step), back_url="")


def _count():
    return ServiceCategory.objects.count()


def _below(at, name, pk=None):
    """The address of a page below the step's own."""
    return reverse(f"onboarding:{name}", args=[pk] if pk else [], query={"salon": at.progress.pk})


def _part(at, part):
    """A category with its services, in words."""
    heading = part.category
    return {
        "name": heading.name if heading else "Without a category",
        "color": heading and heading.color,
        "edit_url": heading and _below(at, "category", heading.pk),
        "services": [_row(at, each) for each in part.services],
    }


def _row(at, service):
    people = [own.team_member.name for own in service.assignments.all() if own.team_member.is_active]
    return {
        "id": service.pk,
        "name": service.name,
        "facts": f"{words.length(service.duration_min)} · {at.business.money(service.price_cents)}",
        "note": _note(service, people),
        "edit_url": _below(at, "service", service.pk),
        "remove_url": _below(at, "remove-service", service.pk),
    }


def _note(service, people):
    if not service.active:
        return "Not on the booking page"
    return "" if people else "Nobody performs it yet, so it cannot be booked"
