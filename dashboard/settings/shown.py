"""Ready words for what a change of settings does: visits without their time, starts that come and go."""

from bookings import availability, words
from bookings.desk.shown import people_of
from bookings.models import Service
from dashboard.visits.views import is_movable, move_url
from tenants import policies
from tenants.permissions import Permission

SHOWN = 50


def visit_rows(visits, membership):
    """(the first of the visits as lists show them, how many more there are); whoever may not, is not shown who comes."""
    may_move = policies.may(membership, Permission.WORK_DIARY)
    may_see = policies.may(membership, Permission.VIEW_CUSTOMERS)
    found = visits.prefetch_related("items__team_member")[:SHOWN]
    rows = [
        {
            "visit": visit,
            "when": words.when(visit.local_start),
            "customer": visit.contact_name if may_see else "",
            "people": people_of(visit),
            "move_url": move_url(visit) if may_move and is_movable(visit) else "",
        }
        for visit in found
    ]
    return rows, (visits.count() - SHOWN if len(rows) == SHOWN else 0)


def services_of(difference, business):
    """The services whose starts come or go, by name, each with its days."""
    services = Service.objects.in_bulk({service for service, _ in difference.starts})
    found = {}
    for (pk, day), shift in sorted(difference.starts.items(), key=lambda pair: pair[0][1]):
        step = 60 * (services[pk].slot_step_min or business.slot_step_min)
        own = found.setdefault(pk, {"name": services[pk].name, "gone": 0, "new": 0, "days": []})
        own["gone"] += len(shift.vanish)
        own["new"] += len(shift.appear)
        own["days"].append(
            {
                "day": words.short_date(day),
                "gone": runs(shift.vanish, step, business.zone),
                "new": runs(shift.appear, step, business.zone),
            }
        )
    return sorted(found.values(), key=lambda own: own["name"])


def runs(starts, step, zone):
    """`09:00 to 11:45, 14:00`: starts that follow each other by the step are said once."""
    spans = []
    for start in starts:
        if spans and start - spans[-1][1] == step:
            spans[-1][1] = start
        else:
            spans.append([start, start])
    labels = [[availability.local_label(edge, zone) for edge in span] for span in spans]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in labels)
