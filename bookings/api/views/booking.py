"""The booking site's own data and its free times, open to everybody."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from bookings import queries
from bookings.api import asked, examples, offers, reads, settings_paths, shapes
from bookings.services import NotBookable, check_basket
from tenants.api.endpoints import open_endpoint, read
from tenants.api.permissions import membership_of, require, sees
from tenants.api.serializers import Problem
from tenants.permissions import Permission

FREE = OpenApiTypes.OBJECT


@extend_schema(responses={200: FREE, 404: Problem})
@open_endpoint("GET")
def tenant_data(request, tenant_id):
    """All the booking site needs to know about the salon; nothing private."""
    asked.must_be_host(tenant_id, request)
    business, context = request.tenant, {"request": request}
    services = list(reads.public_services())
    data = about(business) | {
        "categories": categories(services, context),
        "services": shapes.ServiceOut(services, many=True, context=context).data,
        "team": shapes.PersonOut(reads.public_team(), many=True, context=context).data,
    }
    return Response(shapes.envelope(data))


def about(business):
    return {
        "tenant_id": str(business.pk),
        "subdomain": business.slug,
        "url": business.url,
        "status": business.status,
        "name": business.name,
        "category": business.category,
        "description": business.description,
        "email": business.email,
        "phone": str(business.phone or ""),
        "address": {
            "line1": business.address_line1,
            "line2": business.address_line2,
            "city": business.city,
            "region": business.region,
            "postal_code": business.postal_code,
            "country": business.country,
        },
        "timezone": business.timezone,
        "currency_code": business.currency_code,
        "social_links": business.social_links,
        "branding": {
            "primary_color": business.primary_color,
            "secondary_color": business.secondary_color,
            "font": business.font,
            "logo_url": business.url + business.logo.url if business.logo else None,
        },
        "policies": settings_paths.nested(vars(business), settings_paths.POLICY_PATHS),
        "booking": {
            "min_notice_min": business.min_notice_min,
            "horizon_days": business.horizon_days,
            "slot_step_min": business.slot_step_min,
            "auto_confirm": business.auto_confirm,
        },
        "payment": {
            "asks_for_card": business.asks_for_card,
            "publishable_key": settings.STRIPE_PUBLISHABLE_KEY if business.asks_for_card else None,
        },
    }


def categories(services, context):
    """The headings in order, each with its services; services without one come last, under a nameless heading."""
    groups = {}
    for service in services:
        groups.setdefault(service.category, []).append(service)
    return [
        (shapes.CategoryOut(category).data if category else {"id": None, "name": ""})
        | {"services": shapes.ServiceOut(members, many=True, context=context).data}
        for category, members in groups.items()
    ]


@extend_schema(
    request=asked.AvailabilityIn,
    responses={200: FREE, 400: Problem, 404: Problem, 422: Problem},
    parameters=[OpenApiParameter("explain", OpenApiTypes.DATETIME, description="Staff only; also in the body.")],
    examples=examples.AVAILABILITY,
)
@open_endpoint("POST", login=True)
def availability(request):
    """Free times by local date, at most 62 days. `explain` (staff only) says why a start is not offered.

    Where the salon prefers starts that leave no gap in somebody's day, `fits_well` says of each whether it is one; where
    it hides those that leave one, staff still see them, and whoever asks for one may book it.
    """
    asked_in_query = {name: value for name, value in request.query_params.items() if name == "explain"}
    data = read(asked.AvailabilityIn, request, **asked_in_query)
    if "explain" in data:
        require(request, Permission.VIEW_DIARY)
    business, now = request.tenant, timezone.now()
    basket = asked.basket_of(data)
    check_asked(basket)
    first, last = dates(data, business)
    asked.check_range(first, last)
    who = {"business": business, "basket": basket, "now": now}
    staff = membership_of(request) is not None and sees(request, Permission.VIEW_DIARY)
    days = queries.offers(**who, first=first, last=last, everything=staff)
    seats = seats_left(basket.first, days)
    answer = {"timezone": business.timezone, "days": [offers.day_shown(day, basket, seats) for day in days]}
    if "explain" in data:
        answer |= offers.explanation(queries.explain(**who, start=data["explain"]))
    return Response(shapes.envelope(answer))


def seats_left(service, days):
    """Empty seats of a class's sessions among the slots, by their start and person; {} for what is no class."""
    starts = [slot.start_at for day in days for slot in day.slots]
    if not (service.shared_session and starts):
        return {}
    found = queries.sessions(service=service, first=min(starts), last=max(starts) + timedelta(seconds=1))
    return {(session.start_at, session.team_member_id): session.free for session in found}


def dates(data, business):
    """The asked dates; with `explain` alone, the local date of that instant."""
    day = data["explain"].astimezone(business.zone).date() if "explain" in data else None
    return data.get("start_date") or day, data.get("end_date") or day


def check_asked(basket):
    """Say what cannot be one visit before any time is looked up. Of one service everybody's times may be asked for."""
    if len(basket.wanted) > 1:
        check_basket(basket)
    elif basket.party_size > basket.first.largest_party:
        raise NotBookable(f"This service can be booked for at most {basket.first.largest_party} at once.")
