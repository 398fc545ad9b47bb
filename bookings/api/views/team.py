"""People, their hours and days off, and the salon's closures: every member reads them, admins and owners write them."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings import stranded
from bookings.api import catalogue_examples as examples
from bookings.api import reads, shapes, team_asked
from bookings.api.views.catalogue import REFUSALS, REMOVED, Managed
from bookings.api.views.staff import actor
from bookings.models import Closure, SpecialDay, TeamMember, TimeBlock
from bookings.services import records, team
from tenants.api.endpoints import endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission


class TeamMembers(Managed, generics.ListAPIView):
    serializer_class = shapes.TeamMemberOut

    def get_queryset(self):
        return reads.team()

    @extend_schema(
        request=team_asked.TeamMemberIn, responses={201: shapes.TeamMemberOut, **REFUSALS}, examples=examples.MEMBER
    )
    def post(self, request):
        """Somebody new, who performs `services`. They are offered to guests once they have hours."""
        fields, services = team_asked.member_of(read(team_asked.TeamMemberIn, request))
        return self.shown(team.create_member(fields=fields, services=services, **self.who()), status=201)


class OneTeamMember(Managed, generics.RetrieveAPIView):
    serializer_class = shapes.TeamMemberOut

    def get_queryset(self):
        return reads.team()

    @extend_schema(
        request=team_asked.TeamMemberIn,
        responses={200: shapes.TeamMemberChangedOut, **REFUSALS},
        examples=examples.MEMBER,
    )
    def put(self, request, pk):
        """Everything a new person needs is named again; what is not named stays, as do visits already booked."""
        return self.change(read(team_asked.TeamMemberIn, request))

    @extend_schema(
        request=team_asked.TeamMemberIn,
        responses={200: shapes.TeamMemberChangedOut, **REFUSALS},
        examples=examples.MEMBER,
    )
    def patch(self, request, pk):
        """What is not named stays, as do visits already booked; `stranded` counts those that should be moved."""
        return self.change(read(partial(team_asked.TeamMemberIn, some=True), request))

    def change(self, data):
        member, who = self.get_object(), self.who()
        fields, services = team_asked.member_of(data)
        before = performed_by(member)
        changed = team.change_member(member=member, fields=fields, services=services, **who)
        unlearned = before - performed_by(changed)
        left = stranded.by_person(member=changed, unlearned=unlearned, now=who["now"])
        return self.shown(changed, shapes.TeamMemberChangedOut, stranded=len(left))

    @extend_schema(
        request=None,
        responses={200: shapes.TeamMemberRemovedOut, 403: Problem, 404: Problem},
    )
    def delete(self, request, pk):
        """Take the person off the team. Who has visits, past ones too, is kept and switched off; the visits stay."""
        member, who = self.get_object(), self.who()
        left = stranded.of_person(member=member, now=who["now"])
        deleted = team.remove_member(member=member, **who)
        return self.shown({"deleted": deleted}, shapes.TeamMemberRemovedOut, stranded=len(left))


@extend_schema(methods=["GET"], responses={200: shapes.WeekOut, 404: Problem})
@extend_schema(
    methods=["POST"],
    request=team_asked.WeekIn,
    responses={200: shapes.WeekChangedOut, **REFUSALS},
    examples=examples.WEEK,
)
@endpoint("GET", "POST", permission=needs(Permission.ARRANGE, read=[Permission.VIEW_DIARY]))
def availability(request, member_id):
    """A person's weekly plan. Rows with a `service_id` replace the general ones for that service.

    A POST replaces the general plan, or that of one service, as a whole; no `availabilities` takes it away. Visits outside the
    new hours stay, and are counted in `stranded`.
    """
    member = get_object_or_404(TeamMember, pk=member_id)
    if request.method == "GET":
        return Response(shapes.WeekOut(member).data)
    service, shifts = team_asked.week_of(read(team_asked.WeekIn, request))
    now = timezone.now()
    try:
        team.set_weekly_plan(member=member, service=service, shifts=shifts, by=actor(request), now=now)
    except records.Refused as exc:
        raise records.Refused({"availabilities": str(exc)}) from exc
    left = stranded.outside_hours(business=request.tenant, members=[member.pk], now=now)
    return Response(shapes.WeekChangedOut(member, context={"stranded": len(left)}).data)


class OfOnePerson(Managed):
    """What belongs to the person in the path."""

    def member(self):
        return get_object_or_404(TeamMember, pk=self.kwargs["member_id"])

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset).filter(team_member=self.member())


class SpecialDays(OfOnePerson, generics.ListAPIView):
    """Dates on which the person works differently from their weekly plan."""

    queryset = SpecialDay.objects.order_by("date")
    serializer_class = shapes.SpecialDayOut

    @extend_schema(
        request=team_asked.SpecialDayIn,
        responses={201: shapes.SpecialDaySetOut, **REFUSALS},
        examples=examples.SPECIAL_DAY,
    )
    def post(self, request, member_id):
        """Set what the person works on a date, in place of the weekly plan and of what was set before."""
        member, who = self.member(), self.who()
        data = read(team_asked.SpecialDayIn, request)
        shifts = [team_asked.shift_of(each) for each in data.pop("shifts")]
        day = team.set_special_day(member=member, shifts=shifts, **data, **who)
        left = stranded.on_special_day(business=request.tenant, day=day, now=who["now"])
        return self.shown(day, shapes.SpecialDaySetOut, status=201, stranded=len(left))


class OneSpecialDay(OfOnePerson, generics.GenericAPIView):
    queryset = SpecialDay.objects.all()
    serializer_class = shapes.SpecialDayOut

    @extend_schema(request=None, responses=REMOVED)
    def delete(self, request, member_id, pk):
        """The weekly plan counts again on its date."""
        team.remove_special_day(special_day=self.get_object(), **self.who())
        return Response(status=204)


class TimeBlocks(OfOnePerson, generics.ListAPIView):
    """Time in which the person cannot be booked."""

    queryset = TimeBlock.objects.order_by("starts_at")
    serializer_class = shapes.TimeBlockOut

    @extend_schema(
        request=team_asked.TimeBlockIn,
        responses={201: shapes.TimeBlockAddedOut, **REFUSALS},
        examples=examples.TIME_BLOCK,
    )
    def post(self, request, member_id):
        """Block some time. Visits in it stay, and are counted in `stranded`."""
        who = self.who()
        block = team.add_time_block(member=self.member(), **read(team_asked.TimeBlockIn, request), **who)
        left = stranded.in_block(block=block, now=who["now"])
        return self.shown(block, shapes.TimeBlockAddedOut, status=201, stranded=len(left))


class OneTimeBlock(OfOnePerson, generics.GenericAPIView):
    queryset = TimeBlock.objects.all()
    serializer_class = shapes.TimeBlockOut

    @extend_schema(request=None, responses=REMOVED)
    def delete(self, request, member_id, pk):
        """The person can be booked again then."""
        team.remove_time_block(time_block=self.get_object(), **self.who())
        return Response(status=204)


class Closures(Managed, generics.ListAPIView):
    """Days on which the salon is shut."""

    queryset = Closure.objects.order_by("start_date", "pk")
    serializer_class = shapes.ClosureOut

    @extend_schema(
        request=team_asked.ClosureIn, responses={201: shapes.ClosureAddedOut, **REFUSALS}, examples=examples.CLOSURE
    )
    def post(self, request):
        """Shut the salon. Visits on these days stay, and are counted in `stranded`."""
        data, who = read(team_asked.ClosureIn, request), self.who()
        first, last = data["start_date"], data.get("end_date", data["start_date"])
        closure = team.add_closure(first=first, last=last, reason=data.get("reason", ""), **who)
        left = stranded.in_closure(first=first, last=last, zone=request.tenant.zone, now=who["now"])
        return self.shown(closure, shapes.ClosureAddedOut, status=201, stranded=len(left))


class OneClosure(Managed, generics.GenericAPIView):
    queryset = Closure.objects.all()
    serializer_class = shapes.ClosureOut

    @extend_schema(request=None, responses=REMOVED)
    def delete(self, request, pk):
        """The hours count again on its days."""
        team.remove_closure(closure=self.get_object(), **self.who())
        return Response(status=204)


def performed_by(member):
    """The ids of what the person performs."""
    return set(member.assignments.values_list("service_id", flat=True))
