"""A visit to another time or another person: by a box that is dragged, by a form, and back again."""

from datetime import timedelta

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audit.admin import actor_of
from bookings import availability, queries, services, words
from bookings.desk.shown import moved_sentence, people_of, told_sentence
from bookings.models import TeamMember
from bookings.services.moves import MOVABLE
from dashboard.calendar import axis, blocks, said
from dashboard.calendar.asked import day_url
from dashboard.calendar.forms import FIRST, SECOND, DropForm, LengthForm, MoveForm
from dashboard.calendar.shown import visit_may_last
from dashboard.frame import page, show
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_POST
@page(Permission.WORK_DIARY)
def drop(request):
    """A box was let go somewhere else, or made longer: one address for all of them, for the script alone."""
    form = DropForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"detail": "This cannot be moved there.", "code": "not_accepted", "ask": False}, status=422)
    act = blocks.drop if form.cleaned_data["kind"] == "block" else drop_visit
    try:
        return act(request, form.cleaned_data)
    except DomainError as exc:
        return said.refused(request, exc, url=reverse("dashboard:calendar"), ask=may_set_aside(exc))


def drop_visit(request, data):
    booking = get_object_or_404(queries.bookings_for_staff(), pk=data["pk"])
    before = list(booking.items.select_related("service", "team_member"))
    item = next((item for item in before if item.position == (data["position"] or 0)), None)
    if item is None:
        raise services.NotAllowed("This visit has no such service.")
    if data["end"]:
        # As long as the box is drawn, whatever the clocks do meanwhile.
        minutes = int((data["end"] - column_of(request, data).place(item.start_at)) / timedelta(minutes=1))
        return lasts(request, booking, item, minutes)
    people = _given_to(item, data["person"])
    start = booking.start_at
    if data["start"]:
        # A later part that is dragged takes the whole visit along.
        start += column_of(request, data).instant(data["start"]) - item.start_at
    moved = services.reschedule_booking(
        business=request.tenant,
        booking=booking,
        start=start,
        people=people,
        override=availability.OVERRIDABLE if data["override"] else frozenset(),
        by=actor_of(request),
        now=timezone.now(),
    )
    return say_moved(request, moved, before)


def _given_to(item, person):
    """{position: member} of the part that was dragged: it is somebody's column it was dropped on, and nobody else is meant.

    Raises NotBookable.
    """
    member = get_object_or_404(TeamMember, pk=person) if person else item.team_member
    if member not in queries.team_for(item.service):
        raise services.NotBookable(f"{member.name} does not perform {item}.")
    return {item.position: member}


def column_of(request, data):
    """The axis of the view a box was let go in."""
    return axis.of(view=data["view"], day=data["date"], zone=request.tenant.zone)


def may_set_aside(exc):
    """Whether nothing but notice and furthest date stand in the way: staff may set them aside knowingly (D9)."""
    reasons = getattr(exc, "reasons", ())
    return bool(reasons) and all(reason.code in availability.OVERRIDABLE for reason in reasons)


def say_moved(request, moved, before):
    after = list(moved.items.select_related("team_member"))
    undo = way_back(moved)
    sentence = f"{moved_sentence(moved, before, after)} {told_sentence(moved)}"
    return said.done(request, sentence, url=day_of(moved, after), undo=undo)


def way_back(moved):
    """Undoes this move, and none that comes after it."""
    if not moved.moved_from:
        return None
    return said.Undo(reverse("dashboard:calendar-undo", args=[moved.pk]), {"seen": str(moved.sequence)})


def lasts(request, booking, item, minutes):
    """Let this part of the visit take so long, and say so. Raises DomainError."""
    changed = services.change_length(
        business=request.tenant,
        booking=booking,
        position=item.position,
        minutes=minutes,
        by=actor_of(request),
        now=timezone.now(),
    )
    undo = way_back(changed)
    until = axis.label(changed.end_at, request.tenant.zone)
    sentence = f"{changed.contact_name}’s visit now ends at {until}. The agreed price stays; nobody is written to."
    return said.done(request, sentence, url=day_of(changed, [item]), undo=undo)


def day_of(booking, items):
    """The day of a visit; on a phone, of who does the first of these parts of it."""
    return day_url(booking.local_date, column=items[0].team_member_id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def move(request, pk):
    """The same without a mouse."""
    booking = get_object_or_404(queries.bookings_for_staff(), pk=pk)
    items = list(booking.items.select_related("service", "team_member"))
    form = MoveForm(
        request.POST or None,
        business=request.tenant,
        booking=booking,
        parts=[(item, queries.team_for(item.service)) for item in items],
        initial=_initial(booking) | _named(request),
    )
    alternatives = []
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.reschedule_booking(
                business=request.tenant,
                booking=booking,
                start=form.cleaned_data["start"],
                people=form.people(),
                override=form.overridden(),
                by=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as exc:
            form.add_error(None, str(exc))
            alternatives = [_offered(slot, request) for slot in getattr(exc, "alternatives", ())]
        else:
            return say_moved(request, moved, items)
    context = {
        "form": form,
        "booking": booking,
        "who": people_of(booking),
        "when": words.moment(booking.local_start),
        "told": told_sentence(booking),
        "possible": booking.status in MOVABLE and not booking.hold_expires_at and booking.start_at > timezone.now(),
        "back_url": day_of(booking, items),
        "alternatives": alternatives,
    }
    return show(request, "dashboard/calendar/move.html", context, here="calendar", status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def length(request, pk):
    """How long a visit takes, without a mouse."""
    booking = get_object_or_404(queries.bookings_for_staff(), pk=pk)
    items = list(booking.items.select_related("service", "team_member"))
    form = LengthForm(request.POST or None, parts=items)
    if request.method == "POST" and form.is_valid():
        try:
            return lasts(request, booking, *form.changed()[0])
        except DomainError as exc:
            form.add_error(None, str(exc))
    context = {
        "form": form,
        "booking": booking,
        "when": words.moment(booking.local_start),
        "possible": visit_may_last(booking, timezone.now()),
        "back_url": day_of(booking, items),
    }
    return show(request, "dashboard/calendar/length.html", context, here="calendar", status=422 if form.errors else 200)


def _initial(booking):
    wall = booking.local_start
    return {"date": wall.date(), "time": wall.time(), "which": SECOND if wall.fold else FIRST}


def _offered(slot, request):
    """A free time near the one that was taken, and the address that fills it in."""
    wall = availability.instant(slot.start).astimezone(request.tenant.zone)
    return words.moment(wall), f"?date={wall:%Y-%m-%d}&time={wall:%H:%M}"


def _named(request):
    """What the address fills in: `?date=&time=&person_0=`."""
    return {name: value for name, value in request.GET.items() if name in ("date", "time") or "person" in name}


@require_POST
@page(Permission.WORK_DIARY)
def undo(request, pk):
    """Take the last move back."""
    booking = get_object_or_404(queries.bookings_for_staff(), pk=pk)
    try:
        back = services.undo_move(
            business=request.tenant,
            booking=booking,
            by=actor_of(request),
            now=timezone.now(),
            seen=request.POST.get("seen", ""),
        )
    except DomainError as exc:
        return said.refused(request, exc, url=day_of(booking, booking.items.all()))
    items = list(back.items.select_related("team_member"))
    names = ", ".join(dict.fromkeys(item.team_member.name for item in items))
    return said.done(request, f"Moved back to {words.when(back.local_start)} with {names}.", url=day_of(back, items))
