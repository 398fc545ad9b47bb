"""Calendars for members of the salon: each their own, and everybody's for whoever arranges it."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from audit import actors
from bookings.api.asked import member_of
from feeds import links, queries, services
from feeds.api import asked, examples, shapes
from tenants.addresses import client_address
from tenants.api.endpoints import endpoint, read
from tenants.api.permissions import membership_of, needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

REFUSALS = {400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
REMOVED = {204: None, 403: Problem, 404: Problem}


def _press(request):
    by = actors.user(request.user, client_address(request))
    return {"membership": membership_of(request), "by": by, "now": timezone.now()}


def _one_of(rows, pk):
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Http404
    return found


@extend_schema(methods=["GET"], request=None, responses={200: shapes.LinkOut(many=True)})
@extend_schema(
    methods=["POST"],
    request=asked.LinkIn,
    responses={201: shapes.LinkMadeOut, **REFUSALS},
    examples=examples.LINK,
)
@endpoint("GET", "POST", permission=needs(Permission.VIEW_DIARY))
def feed_links(request):
    """The addresses in use that the caller may see; or one more, which calendar programs subscribe to."""
    if request.method == "POST":
        data = read(asked.LinkIn, request)
        person = member_of(data.get("team_member_id"))
        link, token = services.make_link(name=data["name"], team_member=person, **_press(request))
        link.url = links.feed_url(business=request.tenant, token=token)
        return Response(shapes.LinkMadeOut(link).data, status=201)
    return Response(shapes.LinkOut(queries.kept_links(membership_of(request)), many=True).data)


@extend_schema(request=None, responses=REMOVED)
@endpoint("DELETE", permission=needs(Permission.VIEW_DIARY))
def feed_link(request, pk):
    """End an address; the next program that asks finds nothing."""
    link = _one_of(queries.kept_links(membership_of(request)), pk)
    services.revoke_link(link=link, **_press(request))
    return Response(status=204)


@extend_schema(methods=["GET"], request=None, responses={200: shapes.CalendarOut(many=True)})
@extend_schema(
    methods=["POST"],
    request=asked.CalendarIn,
    responses={201: shapes.CalendarOut, **REFUSALS},
    examples=examples.CALENDAR,
)
@endpoint("GET", "POST", permission=needs(Permission.WORK_DIARY, read=[Permission.VIEW_DIARY]))
def busy_calendars(request):
    """The other calendars the caller may see; or one more, whose busy times cannot be booked. It is read in a moment."""
    if request.method == "POST":
        data = read(asked.CalendarIn, request)
        person = member_of(data["team_member_id"])
        calendar = services.add_address(name=data["name"], team_member=person, url=data["url"], **_press(request))
        return Response(shapes.CalendarOut(calendar).data, status=201)
    return Response(shapes.CalendarOut(queries.calendars_of(membership_of(request)), many=True).data)


@extend_schema(request=None, responses=REMOVED)
@endpoint("DELETE", permission=needs(Permission.WORK_DIARY))
def busy_calendar(request, pk):
    """Remove one; its times can be booked again."""
    calendar = _one_of(queries.calendars_of(membership_of(request)), pk)
    services.remove_calendar(calendar=calendar, **_press(request))
    return Response(status=204)
