"""Today: who comes, who is here, who is free, and what waits for somebody."""

from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import reswap

from bookings import queries as diary
from bookings import words
from bookings.models import Status, TeamMember
from dashboard import desk
from dashboard.frame import page, show
from dashboard.visits.listing import row_of
from payments import queries, shown
from tenants import policies
from tenants.permissions import Permission

A_DAY = timedelta(days=1)
MOST = 300
#: With more of them the whole list is as quick.
MOST_ROWS = 10
#: Of everybody, so that the list of visits stays in sight.
MOST_GAPS = 8
#: On a row: what the next press is; on a day that is still to come nobody can be here yet.
AT_HAND = ("confirm", "check_in", "complete")
AHEAD = ("confirm", "cancel")


@require_safe
@page(Permission.VIEW_DIARY)
def today(request):
    now = timezone.now()
    context = around(request, now) | the_day(request, now)
    return show(request, "dashboard/today/today.html", context, here="today")


@require_safe
@page(Permission.VIEW_DIARY)
def day(request):
    """The day's list alone, to be put in place of the one that is shown; with `only`, those of its rows alone.

    Where one of them is not on the day any more, the whole list.
    """
    if (wanted := asked_rows(request)) and len(rows := the_rows(request, timezone.now(), only=wanted)) == len(wanted):
        answer = show(request, "dashboard/today/_rows.html", {"rows": rows}, here="today")
        return reswap(answer, "none")  # each row knows its own place
    return show(request, "dashboard/today/_day.html", the_day(request, timezone.now()), here="today")


def asked_rows(request):
    """The ids of visits as they were sent; none where one is none, or there are too many to be worth it."""
    asked = request.GET.get("only", "")
    try:
        found = {UUID(each) for each in asked.split(",")} if asked else set()
    except ValueError:
        return set()
    return found if len(found) <= MOST_ROWS else set()


def asked_day(request, now):
    """(the local date asked for, whether it is today)"""
    here = now.astimezone(request.tenant.zone).date()
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        asked = here
    # Dates at the ends of the calendar have no neighbour to go to.
    return (asked, asked == here) if date(2000, 1, 1) <= asked <= date(2200, 1, 1) else (here, True)


def around(request, now):
    """The day's heading: which day, its neighbours, whose visits."""
    shown_day, is_today = asked_day(request, now)
    people = list(TeamMember.objects.filter(is_active=True))
    person = asked_person(request)
    return {
        "day": words.long_date(shown_day),
        "iso": shown_day.isoformat(),
        "is_today": is_today,
        "title": "Today" if is_today else words.long_date(shown_day),
        "before_url": _url(shown_day - A_DAY, person),
        "after_url": _url(shown_day + A_DAY, person),
        "people": [(_url(shown_day, str(each.pk)), each.name, str(each.pk) == person) for each in people],
        "everybody": (_url(shown_day, ""), not person),
    }


def asked_person(request):
    """The id of a person as it was sent; "" where it is none."""
    try:
        person = UUID(request.GET.get("person", ""))
    except ValueError:
        return ""
    return str(person) if TeamMember.objects.filter(pk=person).exists() else ""


def the_day(request, now):
    """What the day's list shows."""
    shown_day, is_today = asked_day(request, now)
    person, rows = asked_person(request), the_rows(request, now)
    return {
        "is_today": is_today,
        "list_url": f"{reverse('dashboard:today-list')}?{urlencode({'day': shown_day.isoformat(), 'person': person})}",
        "rows": rows,
        "here_now": [row for row in rows if row["visit"].status == Status.CHECKED_IN],
        "waiting": waiting(request.membership, now) if is_today else [],
        "gaps": gaps(request, now, shown_day, person) if is_today else [],
        "count": words.count(len(rows), "visit", "visits"),
    }


def the_rows(request, now, *, only=()):
    """The day's visits as rows, by their start; of these ids alone, where there are some."""
    shown_day, _ = asked_day(request, now)
    visits = queries.visits().filter(local_date=shown_day).exclude(status=Status.CANCELED)
    if only:
        visits = visits.filter(pk__in=only)
    visits = diary.visits_of(visits, person=asked_person(request)).order_by("start_at", "pk")
    at_hand = AHEAD if shown_day > now.astimezone(request.tenant.zone).date() else AT_HAND
    return [row_of(booking, request.membership, at_hand) for booking in visits[:MOST]]


def waiting(membership, now):
    """(how many and what, address) of things that wait for somebody."""
    found, visits = queries.waiting(now=now), reverse("dashboard:visits")
    lines = [
        (found.to_confirm, shown.TO_CONFIRM, f"{visits}?status=pending"),
        (found.unclosed, shown.UNCLOSED, f"{visits}?when=unclosed"),
    ]
    if policies.may(membership, Permission.VIEW_MONEY):
        lines += [
            (found.unfinished, shown.UNFINISHED, f"{visits}?money=unfinished"),
            (found.fees_due, shown.FEES_DUE, f"{visits}?money=fee_due"),
            (found.disputed, shown.DISPUTED, f"{visits}?money=disputed"),
        ]
    return [(words.count(number, *called), url) for number, called, url in lines if number]


def gaps(request, now, shown_day, person):
    """{"name", "when", "url"} of who is free, now or next; the address is empty for those who only read."""
    found = diary.gaps(business=request.tenant, day=shown_day, now=now)
    if person:
        found = [gap for gap in found if str(gap.team_member.pk) == person]
    first = {}
    for gap in found:
        first.setdefault(gap.team_member.pk, gap)
    may_book = policies.may(request.membership, Permission.WORK_DIARY)
    return [_gap(gap, may_book) for gap in list(first.values())[:MOST_GAPS]]


def _gap(gap, may_book):
    until = words.clock(gap.end)
    url = desk.url_of_new_visit(
        start=gap.start.replace(tzinfo=None).isoformat("T", "minutes"), person=gap.team_member.pk
    )
    return {
        "name": gap.team_member.name,
        "is_now": gap.is_now,
        "when": f"now, until {until}" if gap.is_now else f"{words.clock(gap.start)}–{until}",
        "url": url if may_book else "",
    }


def _url(shown_day, person):
    query = {"day": shown_day.isoformat()} | ({"person": person} if person else {})
    return f"{reverse('dashboard:today')}?{urlencode(query)}"
