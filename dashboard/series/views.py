"""A visit again and again: every date is looked at before anything is booked or moved."""

from dataclasses import replace

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import availability, queries, services, words
from bookings.desk.pressing import Said
from bookings.recurring import MOST_VISITS
from dashboard import desk
from dashboard.frame import page, show
from dashboard.series import shown
from dashboard.series.forms import FollowingForm, RepeatForm
from dashboard.visits import presses
from payments import queries as money
from payments import services as payments
from payments.desk import many
from payments.models import ActionKind
from tenants.errors import DomainError
from tenants.permissions import Permission

BOOK = {"take": "Book it", "leave": "Skip this date"}
MOVE = {"take": "Move it", "leave": "Leave it where it is"}
#: Later than anything a series can reach; what is typed beyond it is nonsense.
LAST_SECOND = 2**32


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def repeat(request, pk):
    booking, now = desk.visit_of(pk), timezone.now()
    if not shown.is_repeatable(booking):
        return back(request, booking, Said("Only a visit that is booked can be repeated.", "WARNING"))
    base = queries.last_of(booking)
    form = RepeatForm(request.POST or None, base=base)
    rows = []
    if form.is_valid():
        if "book" not in request.POST:
            rows = rows_to_book(request.tenant, form, now)
        elif chosen := numbered(request.POST):
            try:
                outcome = book(request, base, form, chosen, now)
            except DomainError as exc:
                return back(request, booking, Said(str(exc), "ERROR"))
            if outcome.done:
                desk.say(request, Said(f"Booked: {words.count(len(outcome.done), 'visit', 'visits')} more."))
            if not outcome.refused:
                return redirect("dashboard:visit", booking.pk)
            rows = rows_refused(request.tenant, form, chosen, outcome, now)
        else:
            form.add_error(None, "No date was chosen: nothing was booked.")
            rows = rows_to_book(request.tenant, form, now)
    context = {"form": form, "visit": booking, "base": shown.moment(base.start_at, base.zone), "rows": rows}
    return show(request, "dashboard/series/repeat.html", context | told_of(rows), here="visits")


def rows_to_book(business, form, now):
    starts = form.starts(now)
    numbers = queries.next_numbers(form.series, len(starts))
    found = queries.looks(business=business, basket=form.basket(), starts=starts, now=now)
    return [shown.row(n, look, business.zone, **BOOK) for n, look in zip(numbers, found, strict=True)]


def rows_refused(business, form, chosen, outcome, now):
    """What was taken meanwhile, with what is free next to it now."""
    starts = [chosen[number] for number in outcome.refused]
    found = queries.looks(business=business, basket=form.basket(), starts=starts, now=now)
    return [
        shown.row(number, look, business.zone, **BOOK, why=str(why))
        for (number, why), look in zip(outcome.refused.items(), found, strict=True)
    ]


def book(request, base, form, chosen, now):
    return payments.repeat_visit(
        business=request.tenant,
        booking=base,
        key=form.cleaned_data["key"],
        every_weeks=form.cleaned_data["every_weeks"],
        chosen=chosen,
        basket=form.basket(),
        by=actor_of(request),
        now=now,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def move_following(request, pk):
    booking, now = desk.visit_of(pk), timezone.now()
    together = queries.following(booking)
    if not shown.addresses(booking, may_work=True, may_close=False)["move"]:
        return back(request, booking, Said("Only visits of a series that are still to come move together.", "WARNING"))
    form = FollowingForm(request.POST or None, booking=booking)
    rows, moves = [], list(wished(request.POST, together)) if "move" in request.POST else []
    if moves:
        outcome = services.move_visits(business=request.tenant, moves=moves, by=actor_of(request), now=now)
        if outcome.done:
            moved = words.count(len(outcome.done), "visit is moved", "visits are moved")
            desk.say(request, Said(f"{moved}. {told(outcome.done[0])}"))
        if not outcome.refused:
            return redirect("dashboard:visit", booking.pk)
        rows = rows_that_stay(request, outcome, dict(moves), now)
    elif form.is_valid():
        looks = queries.looks_to_move(business=request.tenant, bookings=together, starts=form.starts(together), now=now)
        rows = [row_to_move(each, look) for each, look in looks.items()]
        if "move" in request.POST:
            form.add_error(None, "Nothing was chosen: every visit is where it was.")
    context = {"form": form, "visit": booking, "rows": rows, "count": together.count()}
    return show(request, "dashboard/series/move.html", context | told_of(rows), here="visits")


def row_to_move(booking, look, why=""):
    return shown.row(
        booking.pk,
        look,
        booking.zone,
        **MOVE,
        why=why,
        was=shown.moment(booking.start_at, booking.zone),
        seen=str(booking.sequence),
    )


def rows_that_stay(request, outcome, starts, now):
    """Those that could not go where they were to go."""
    refused = queries.bookings_for_staff().filter(pk__in=outcome.refused).order_by("start_at")
    wanted = {booking.pk: start for booking, start in starts.items()}
    looks = queries.looks_to_move(business=request.tenant, bookings=refused, starts=wanted, now=now)
    return [row_to_move(each, look, str(outcome.refused[each.pk])) for each, look in looks.items()]


def wished(sent, bookings):
    """(visit as it was seen, new start) of every row that was chosen."""
    for booking in bookings:
        start, seen = instant(sent.get(f"at-{booking.pk}")), sent.get(f"seen-{booking.pk}", "")
        if start is not None and seen.isdecimal() and len(seen) < 10:
            booking.sequence = int(seen)
            yield booking, start


def told(booking):
    return (
        "The customer is told once, by e-mail." if booking.contact_email else "There is no e-mail address: please call."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CLOSE_VISITS)
def cancel_following(request, pk):
    booking = desk.visit_of(pk)
    following = queries.following(booking).values("pk")
    chosen = list(money.with_gifts(money.visits().filter(pk__in=following).order_by("start_at")))
    form = many.form_of(ActionKind.CANCEL)(request.POST or None, business=request.tenant)
    if form.is_valid():
        pressed = many.press(ActionKind.CANCEL, chosen, form, desk.presser(request), request.POST)
        return back(request, booking, *pressed)
    question, ready = many.question(ActionKind.CANCEL, chosen, desk.presser(request))
    if isinstance(question, Said):
        return back(request, booking, question)
    lines = tuple(
        f"{shown.moment(each.start_at, each.zone)}, {line}" for each, line in zip(ready, question.lines, strict=True)
    )
    question = replace(question, title="Cancel this visit and all following", lines=lines)
    return presses.ask(request, form, question, booking=booking)


def back(request, booking, *answers):
    for answer in answers:
        desk.say(request, answer)
    return redirect("dashboard:visit", booking.pk)


def told_of(rows):
    return {"free": sum(row.free for row in rows), "conflicts": sum(not row.free for row in rows)}


def numbered(sent):
    """{number in the series: instant} of every date that was chosen."""
    found = {number: instant(sent.get(f"at-{number}")) for number in range(2, MOST_VISITS + 1)}
    return {number: start for number, start in found.items() if start is not None}


def instant(text):
    """The instant of a choice; None for "skip", and for what is no second of our time."""
    if not (text or "").isdecimal() or len(text) > 10 or int(text) > LAST_SECOND:
        return None
    return availability.instant(int(text))
