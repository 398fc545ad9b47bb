"""How the diary does, for members of the salon: the figures of the dashboard's page, by the same queries."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from bookings import queries
from bookings.api import asked, reads
from bookings.queries import figures, worktime
from tenants.api.endpoints import endpoint, read_query
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

MEANS = "\n".join(
    [
        "Visits of a period, by status, by source, new and returning, by local day; no-shows and late cancellations.",
        *(f"- `{name}`: {figures.MEANINGS[name]}" for name in ("visits", "new", "no_show_rate", "late", "late_rate")),
    ]
)


@extend_schema(parameters=[asked.PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem}, description=MEANS)
@endpoint("GET", permission=needs(Permission.VIEW_ANALYTICS))
def analytics(request):
    """Visits by status and by local day."""
    return Response(counted(request, *asked_period(request)))


def asked_period(request):
    """The asked local dates. Raises BadRange."""
    first, last = reads.period(read_query(asked.PeriodIn, request), business=request.tenant, now=timezone.now())
    asked.check_period(first, last)
    return first, last


def counted(request, first, last):
    days = queries.visits_by_day(first=first, last=last)
    sums = sum(days.values(), queries.Visits())
    return {
        "start_date": first,
        "end_date": last,
        "timezone": request.tenant.timezone,
        "total": sums.total,
        "by_status": sums.by_status,
        "by_day": [{"date": day, "count": visits.total} for day, visits in days.items()],
        "by_source": sums.by_source,
        "new": sums.new,
        "returning": sums.returning,
        "no_shows": sums.no_shows,
        "no_show_rate": rounded(sums.no_show_rate),
        "late_cancellations": sums.late,
        "late_cancellation_rate": rounded(sums.late_rate),
    }


def occupied(request, first, last):
    """How full the diary was, by local day."""
    days = worktime.occupied(business=request.tenant, first=first, last=last).by_day
    return {**_full(sum(days.values(), queries.Worked()))} | {
        "by_day": [{"date": day, **_full(worked)} for day, worked in sorted(days.items())]
    }


def _full(worked):
    return {"booked_min": worked.booked, "working_min": worked.working, "rate": rounded(worked.rate)}


def services_of(first, last, *, money):
    """How often each service was booked; what that was worth where the caller may see money."""
    found = queries.services_booked(first=first, last=last)
    every = sum(service.count for service in found)
    return [
        {
            "service_id": service.id,
            "name": service.name,
            "count": service.count,
            "share": rounded(service.count / every),
        }
        | ({"worth": _worth(service.worth)} if money else {})
        for service in found
    ]


def _worth(sums):
    return [{"currency_code": currency, "cents": cents} for currency, cents in sorted(sums.items())]


def kept(request, first, last):
    """Who came back, by the month of their first visit."""
    today = timezone.now().astimezone(request.tenant.zone).date()
    found = queries.cohorts(first=first, last=last, today=today)
    customers, back = queries.retention(found)
    return {
        "within_days": figures.BACK_WITHIN.days,
        "customers": customers,
        "back": back,
        "rate": rounded(queries.ratio(back, customers)),
        "by_month": [
            {
                "month": cohort.month,
                "customers": cohort.customers,
                "back": cohort.back,
                "rate": rounded(cohort.rate),
                "is_over": cohort.is_over,
            }
            for cohort in found
        ],
    }


def rounded(rate):
    """A rate between 0 and 1 to four places; null where there is nothing to divide by."""
    return rate if rate is None else round(rate, 4)
