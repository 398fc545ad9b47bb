"""The directory: one page for every way of looking."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory import queries, shown
from directory.forms import SearchForm
from directory.wanted import Wanted
from tenants import hosts, industries


@login_not_required
@require_safe
def directory(request, category="", city=""):
    """Public salons, narrowed by the address. An unknown kind, an empty city and a page too far are not there."""
    if category and category not in industries.BY_KEY:
        raise Http404
    form = SearchForm({**request.GET.dict(), **({"category": category, "city": city} if category else {})})
    form.is_valid()  # what is wrong is said at its field; the rest counts
    wanted, page = _wanted(form), form.cleaned_data.get("page") or 1
    found = queries.search(wanted=wanted, page=page)
    if page > max(found.pages, 1) or (city and not found.city_name and wanted.is_plain) or "page" in form.errors:
        raise Http404
    context = _context(form, wanted, found, page) | {"begin_url": shown.begin_url(request.user)}
    return render(request, "directory/salons.html", context)


def _wanted(form):
    data = form.cleaned_data
    return Wanted(
        name=data.get("q", ""),
        place=data.get("place", ""),
        country=data.get("country", "").upper(),
        category=data.get("category", ""),
        city=data.get("city", ""),
    )


def _context(form, wanted, found, page):
    return {
        "form": form,
        "wanted": wanted,
        "title": shown.title(wanted, found),
        "total": found.total,
        "cards": [shown.card(business) for business in found.salons],
        "choices": _choices(found, wanted),
        "pager": shown.pager(found, wanted, page),
        "canonical": hosts.platform_url() + wanted.url(page),
        "indexed": wanted.is_plain and found.total > 0,
    }


def _choices(found, wanted):
    """(what is chosen, its choices) where there is something to choose."""
    rows = (
        ("Kind", shown.categories(found, wanted)),
        ("City", shown.cities(found, wanted)),
        ("Country", shown.countries(found, wanted)),
    )
    return [(name, choices) for name, choices in rows if len(choices) > 1 or any(each.chosen for each in choices)]
