"""Several people by phone or at the desk, in one go: at the same time or one after another."""

from dataclasses import replace
from datetime import timedelta

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import queries, services, words
from bookings.desk.pressing import Said as Told
from bookings.desk.reasons import Told as Reasons
from bookings.families import FEWEST_GUESTS, MOST_GUESTS, Order
from dashboard import desk
from dashboard.frame import page, show
from dashboard.visits.group_forms import GroupForm, Said, guests_said
from dashboard.visits.taking import as_form, found_by, url_of
from payments import services as payments
from tenants.errors import DomainError
from tenants.permissions import Permission

#: Buttons of the form that only show more or less of it.
MORE = ("more", "guest", "without", "find", "choose", "times", "day")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def new_group(request):
    if request.method != "POST":
        query = as_form(request.GET)
        return ask(request, filled(request, query, guests_said(query)))
    if any(name in request.POST for name in MORE):
        return more(request)
    form = GroupForm(request.POST, business=request.tenant)
    if not form.is_valid():
        return ask(request, form, times=times_of(form))
    now = timezone.now()
    try:
        taken = take(request, form, now)
    except DomainError as exc:
        form.add_error(None, str(exc))
        return ask(request, form, times=times_of(form), **in_the_way(request, form, exc, now))
    many = words.count(len(taken), "visit", "visits")
    first = taken[0]
    desk.say(request, Told(f"Booked: {many} for {first.contact_name}, from {words.when(first.local_start)}."))
    return redirect("dashboard:visit", first.pk)


def take(request, form, now):
    return payments.take_family(
        business=request.tenant,
        baskets=form.baskets(),
        names=form.names(),
        start=form.start(),
        order=form.cleaned_data["order"],
        details=form.details(),
        customer=form.known,
        override=form.overridden(),
        by=actor_of(request),
        now=now,
        key=form.press_key,
        params=form.params(),
    )


def ask(request, form, **more):
    return show(request, "dashboard/visits/group.html", {"form": form, "known": form.known} | more, here="visits")


def filled(request, query, guests):
    today = timezone.localdate(timezone=request.tenant.zone)
    return GroupForm.filled(query, guests, business=request.tenant, initial={"date": today})


def more(request):
    """Another row, somebody more or less, customers to choose from, one that was chosen, free times: nothing is judged."""
    query = request.POST.copy()
    if "choose" in query:
        query["customer"], query["who"] = query["choose"], ""
    if "day" in query:
        query["date"] = query["day"]
    shown = found_by(query) if "find" in query else {}
    if {"times", "day"} & query.keys():
        shown["times"] = times_of(GroupForm(query, business=request.tenant))
    return ask(request, filled(request, query, changed(query)), **shown)


def changed(query):
    """Everybody who comes, after a press on “Another service”, “Somebody else” or “Take out”."""
    guests = guests_said(query)
    for number, guest in enumerate(guests, 1):
        if query.get("more") == str(number):
            guests[number - 1] = replace(guest, shown=guest.shown + 1)
    if "guest" in query and len(guests) < MOST_GUESTS:
        guests.append(Said("", []))
    if len(guests) <= FEWEST_GUESTS:
        return guests
    return [guest for number, guest in enumerate(guests, 1) if query.get("without") != str(number)]


def times_of(form):
    """{"day", "slots"} with (instant, from, to) of everybody's free times on the asked day, or "sentences" why there are none,
    with the "next" day that has some.
    """
    form.is_valid()
    day, order, baskets = form.cleaned_data.get("date"), form.cleaned_data.get("order"), form.baskets()
    if baskets is None:
        return {"sentences": [sentence for guest in form.guests for sentence in guest.wrong()]}
    if not day or not order:
        return {"sentences": ["Choose a date first."]}
    try:
        services.check_family(baskets)
    except services.NotBookable as exc:
        return {"sentences": [str(exc)]}
    asked = {"business": form.business, "baskets": baskets, "order": order, "now": timezone.now()}
    [found] = queries.family_days(**asked, first=day, last=day, override=form.overridden())
    zone = form.business.zone
    slots = [(slot.start, slot.label, words.clock(slot.end_at.astimezone(zone))) for slot in found.slots]
    said = {"day": words.short_date(day), "slots": slots}
    return said if slots else said | nothing_free(form, asked, day)


def nothing_free(form, asked, day):
    """Says so, and where to look instead."""
    last = queries.last_day(business=form.business, basket=form.joined(), now=asked["now"])
    later = queries.first_open_family_day(**asked, after=day + timedelta(days=1), last=last)
    return {
        "sentences": [f"Nothing is free for all of them on {words.short_date(day)}."],
        "next": later and {"date": later.date.isoformat(), "said": words.short_date(later.date)},
    }


def in_the_way(request, form, exc, now):
    """Why the pressed time is not to be had, for each of them, and times near it to press instead."""
    if not isinstance(exc, services.SlotTaken | services.RuleBroken):
        return {}
    start, zone = form.start(), request.tenant.zone
    alone = form.guests if form.cleaned_data["order"] == Order.TOGETHER else form.guests[:1]
    reasons = []
    for guest in alone:
        found = queries.explain(business=request.tenant, basket=guest.basket(), start=start, now=now)
        reasons.append((guest.who, Reasons(found, start=start, url_of=url_of, override=form.overridden())))
    near = getattr(exc, "alternatives", ())
    return {
        "reasons": [(who, why) for who, why in reasons if why],
        "offers": [(slot.start, words.when(slot.start_at.astimezone(zone))) for slot in near],
    }
