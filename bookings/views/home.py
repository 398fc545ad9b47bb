"""The salon's front page: who they are, what they do, how to reach them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import linked_data, queries, words
from bookings.models import Closure, OpeningHours
from bookings.models.hours import DAY, Weekday
from bookings.views import shown


@dataclass(frozen=True, slots=True)
class ServiceShown:
    id: str
    name: str
    about: str
    duration: str
    deposit: str
    price: object
    varies: bool
    featured: bool
    url: str


@dataclass(frozen=True, slots=True)
class MenuPart:
    name: str
    about: str
    services: list


@dataclass(frozen=True, slots=True)
class Opening:
    now: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class HoursRow:
    name: str
    times: str
    today: bool


@login_not_required
@require_safe
def home(request):
    business, now = request.tenant, timezone.now()
    categories = queries.catalogue(business=business)
    hours = list(OpeningHours.objects.all())
    panels = shown.front_panels(business=business)
    context = {
        "menu": menu(business, categories),
        "team": [shown.person(member) for member in queries.public_team()],
        "salon": salon(business, hours, categories, now, panels),
        "panels": panels,
    }
    return render(request, "bookings/home.html", context)


def menu(business, categories):
    """The categories in their order, featured services first in each."""
    parts = [
        MenuPart(part.name or "More", part.description, [service_shown(business, each) for each in part.services])
        for part in categories
    ]
    if len(parts) == 1 and not categories[0].name:
        parts = [MenuPart("Services", "", parts[0].services)]
    return [MenuPart(part.name, part.about, sorted(part.services, key=lambda s: not s.featured)) for part in parts]


def service_shown(business, service):
    return ServiceShown(
        id=str(service.pk),
        name=service.name,
        about=service.short_description or service.description,
        duration=words.lengths(service.from_min, service.to_min),
        deposit=shown.deposit_note(business, parts=[(service, service.from_cents)]),
        price=service.price_from,
        varies=service.price_varies,
        featured=service.is_featured,
        url=reverse("bookings:times", args=[service.pk]),
    )


def salon(business, hours, categories, now, panels=()):
    """The salon's facts for the page and for search engines."""
    local = now.astimezone(business.zone)
    logo = business.url + business.shown_logo.url if business.shown_logo else ""
    picture = logo or business.url + reverse("bookings:share-picture")
    lines = business.address_lines
    return {
        "name": business.name,
        "category": business.category,
        "tagline": business.description,
        "place": business.city,
        "url": business.public_url,
        "image_url": picture,
        "opening": opening(hours, local),
        "hours": hours_rows(hours, local),
        "zone": words.zone(business.zone),
        "address": ", ".join(filter(None, [business.address_line1, business.city])),
        "address_lines": lines,
        "map_url": shown.map_url(business),
        "phone": business.phone.as_international if business.phone else "",
        "phone_uri": business.phone.as_e164 if business.phone else "",
        "email": business.email,
        "social": [
            {"name": name.title(), "url": url}
            for name, url in business.social_links.items()
            if str(url).startswith("https://")
        ],
        "payment_promise": "Nothing is charged when you book.",
        "policies": [
            shown.Words(title, body)
            for title, body in (
                ("Cancelling", business.cancellation_text),
                ("Not coming", business.no_show_text),
                ("Coming late", business.late_arrival_text),
                ("Refunds", business.refund_text),
            )
            if body
        ],
        "json_ld": shown.json_ld(
            linked_data.salon(
                business=business,
                categories=categories,
                hours=hours or queries.public_shifts(),
                picture=picture,
                more=[panel.linked for panel in panels],
            )
        ),
    }


def opening(hours, local):
    """Whether the salon is open at the local time `local`, and until when; None where it keeps no hours of its own."""
    if not hours:
        return None
    shifts = list(coming_shifts(hours, local))
    for start, end in shifts:
        if start <= local < end:
            return Opening(True, f"Open now, until {words.clock(end)}")
    later = [start for start, _ in shifts if start > local]
    if not later:
        return Opening(False, "Closed at the moment")
    opens = min(later)
    if opens.date() == local.date():
        return Opening(False, f"Closed now, opens at {words.clock(opens)}")
    return Opening(False, f"Closed now, opens {words.long_date(opens.date())} at {words.clock(opens)}")


def coming_shifts(hours, local):
    """The shifts of yesterday (they may run over midnight) to a week from now, closures left out."""
    first, last = local.date() - timedelta(days=1), local.date() + timedelta(days=8)
    closures = list(Closure.objects.filter(start_date__lte=last, end_date__gte=first))
    for offset in range((last - first).days):
        day = first + timedelta(days=offset)
        if any(closure.start_date <= day <= closure.end_date for closure in closures):
            continue
        for shift in hours:
            if shift.day_of_week == day.isoweekday():
                yield wall(day, shift.start_min, local.tzinfo), wall(day, shift.end_min, local.tzinfo)


def wall(day, minutes, zone):
    midnight = datetime.combine(day + timedelta(days=minutes // DAY), time())
    return (midnight + timedelta(minutes=minutes % DAY)).replace(tzinfo=zone)


def hours_rows(hours, local):
    """One row a weekday, Monday first; nothing where the salon keeps no hours of its own."""
    if not hours:
        return []
    return [HoursRow(day.label, times_of(hours, day), day == local.isoweekday()) for day in Weekday]


def times_of(hours, day):
    shifts = [f"{at(shift.start_min)} – {at(shift.end_min)}" for shift in hours if shift.day_of_week == day]
    return ", ".join(shifts) or "closed"


def at(minutes):
    return f"{minutes % DAY // 60:02d}:{minutes % 60:02d}"
