"""The calendar: a day by person, a week, a month; and the boxes for the script that makes them draggable."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import queries
from bookings.models import TeamMember
from dashboard.calendar import asked as asking
from dashboard.calendar.shown import Shown
from dashboard.frame import page, show
from tenants.permissions import Permission

#: Rows in a cell of the month; the day has the rest.
ROWS_OF_A_CELL = 3


@require_safe
@page(Permission.VIEW_DIARY)
def calendar(request):
    now = timezone.now()
    asked = _asked(request, now)
    shown = _shown(request, asked, now)
    opens = _opens(request, asked, shown) if asked.view == "day" else None
    context = {
        "asked": asked,
        "shown": shown,
        "views": [(view, view.title(), asked.url(view=view)) for view in asking.VIEWS],
        "people": TeamMember.objects.filter(is_active=True),
        "opens": opens,
        "whom": asked.person or opens,
        "today_url": asked.url(day=now.astimezone(request.tenant.zone).date()),
        "previous_url": asked.stepped(-1),
        "next_url": asked.stepped(1),
        "canceled_url": asked.url(canceled=not asked.canceled),
        "list_url": asked.url(as_list=not asked.as_list),
        "draggable": asked.view != "month" and not asked.as_list,
    }
    if asked.view == "day":
        context["columns"] = shown.columns()
        context["closed"] = shown.desk.working.closures.get(asked.day)
    else:
        context["weeks"] = shown.cells(ROWS_OF_A_CELL if asked.view == "month" else None)
    return show(request, "dashboard/calendar/calendar.html", context, here="calendar")


@require_safe
@page(Permission.VIEW_DIARY)
def events(request):
    """The boxes of a view: `?view=day|week&date=&person=`, or `start` in place of `date`."""
    now = timezone.now()
    shown = _shown(request, _asked(request, now), now)
    return JsonResponse({"events": shown.feed(), "hours": shown.hours()})


def _opens(request, asked, shown):
    """Whose day a phone opens: whose was asked for, if it is there."""
    return asked.column if asked.column in shown.desk.people else asking.own_column(request.user)


def _asked(request, now):
    params = request.GET.copy()
    params.setdefault("date", params.get("start", "")[:10])
    return asking.read(params, today=now.astimezone(request.tenant.zone).date(), user=request.user)


def _shown(request, asked, now):
    desk = queries.desk(
        business=request.tenant,
        first=asked.first,
        last=asked.last,
        now=now,
        person=asked.person,
        canceled=asked.canceled,
    )
    return Shown(desk, asked, request.tenant, request.membership, now)
