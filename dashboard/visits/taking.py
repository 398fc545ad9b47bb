"""A visit taken by phone or at the desk."""

from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import queries, services, words
from bookings.desk.baskets import PREFIX
from bookings.desk.pressing import Said
from bookings.desk.reasons import refusal
from bookings.desk.shown import people_of
from dashboard import desk
from dashboard.calendar.asked import YEARS
from dashboard.frame import page, show
from dashboard.visits.taking_forms import NewVisitForm
from payments import services as payments
from tenants.errors import DomainError
from tenants.permissions import Permission

#: Buttons of the form that only show more of it.
MORE = ("more", "find", "choose", "times", "day", "at")
MOST_FOUND = 8


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def new(request):
    if request.method != "POST":
        return ask(request, filled(request, as_form(request.GET)))
    if any(name in request.POST for name in MORE):
        return more(request)
    form = NewVisitForm(request.POST, business=request.tenant)
    if not form.is_valid():
        return ask(request, form)
    try:
        booking = take(request, form)
    except DomainError as exc:
        asked = {"business": request.tenant, "basket": form.cleaned_data["basket"], "now": timezone.now()}
        return ask(request, form, **refusal(form, exc, **asked, url_of=url_of))
    done = f"Booked: {booking.contact_name}, {words.when(booking.local_start)} with {people_of(booking)}."
    desk.say(request, Said(done))
    return redirect("dashboard:visit-repeat" if "repeat" in request.POST else "dashboard:visit", booking.pk)


def take(request, form):
    return payments.take_visit(
        business=request.tenant,
        basket=form.cleaned_data["basket"],
        start=form.cleaned_data["start"],
        details=form.details(),
        by=actor_of(request),
        now=timezone.now(),
        key=form.press_key,
        params=form.params(),
        override=form.overridden(),
        customer=form.known,
    )


def ask(request, form, **more):
    context = {"form": form, "known": form.known} | more
    return show(request, "dashboard/visits/new.html", context, here="visits")


def filled(request, query):
    today = timezone.localdate(timezone=request.tenant.zone)
    return NewVisitForm.filled(query, business=request.tenant, initial={"date": today}, auto_id="id_%s")


def more(request):
    """Another row, customers to choose from, one that was chosen, free times, one of them: nothing is judged yet."""
    query = request.POST.copy()
    if "choose" in query:
        query["customer"] = query["choose"]
        query["who"] = ""
    if "at" in query:
        query["time"] = query["at"]
    if "day" in query:
        query["date"] = query["day"]
    form = filled(request, query)
    shown = found_by(query) if "find" in query else {}
    if {"times", "day", "at"} & query.keys():
        shown["times"] = times_of(request, query)
    return ask(request, form, **shown)


def found_by(query):
    """The customers somebody looks for, and what was looked for; nothing where nothing was typed."""
    typed = query.get("who", "").strip()
    if not typed:
        return {}
    found = queries.in_order(queries.searched(queries.customers(), typed), "name")
    return {"found": list(found[:MOST_FOUND]), "looked_for": typed}


def times_of(request, query):
    """{"day", "labels"} of free times on the asked day, or {"sentence"} where that cannot be said, with the "next" that
    has some."""
    asked = NewVisitForm(_with_a_name(query), business=request.tenant)
    asked.is_valid()
    basket, day = asked.cleaned_data.get("basket"), asked.cleaned_data.get("date")
    if not basket or not day:
        return {"sentence": "Choose a service and a date first."}
    try:
        services.check_basket(basket)
    except services.NotBookable as exc:
        return {"sentence": str(exc)}
    found = queries.calendar(
        business=request.tenant,
        basket=basket,
        first=day,
        last=day,
        now=timezone.now(),
        override=asked.overridden(),
    )
    labels = [slot.label for each in found for slot in each.slots]
    said = {"day": words.short_date(day), "labels": labels}
    if not labels:
        said |= {"sentence": f"Nothing is free on {words.short_date(day)}.", "next": next_day(request, basket, day)}
    return said


def next_day(request, basket, day):
    found = queries.first_open_day(business=request.tenant, basket=basket, after=day, now=timezone.now())
    return found and {"date": found.date.isoformat(), "said": words.short_date(found.date)}


def _with_a_name(sent):
    """What was sent, so that only the services and the date are judged."""
    query = sent.copy()
    query["name"] = query.get("name") or "–"
    return query


def as_form(query):
    """The address's own short names as the form's: `start`, `person`, `service`, `customer`."""
    form = QueryDict(mutable=True)
    form.update(query.dict())
    start = query.get("start", "")
    if wall := _wall(start):
        form["date"] = wall.date().isoformat()
        if "T" in start or " " in start:  # else it is a day only
            form["time"] = words.clock(wall)
    for short, name in (("service", "service"), ("person", "team_member")):
        if _id(query.get(short)):
            form[f"{PREFIX}-0-{name}"] = query[short]
    if not _id(query.get("customer")):
        form.pop("customer", None)
    return form


def _wall(text):
    """A wall time of the salon as an ISO text, with or without a zone; None where it is none."""
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    if wall.year not in YEARS:
        return None
    return timezone.localtime(wall) if wall.tzinfo else wall


def _id(text):
    try:
        return UUID(text or "")
    except ValueError:
        return None


def url_of(what, pk):
    """Where a cause is found in the dashboard: only visits have pages of their own."""
    return reverse("dashboard:visit", args=[pk]) if what == "visit" else ""
