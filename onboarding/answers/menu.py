"""Step 6: the bodies that make the menu as it is, one a category."""

from bookings.services.catalogue import CATEGORY, SERVICE
from onboarding import queries

COLUMNS = [name for name in SERVICE if name != "category"]


def menu(business):
    return [{"category": _category(part, business)} for part in queries.menu()]


def _category(part, business):
    heading = {name: getattr(part.category, name) for name in CATEGORY} if part.category else {"name": ""}
    return heading | {"services": [_service(each, business) for each in part.services]}


def _service(service, business):
    return {name: getattr(service, name) for name in COLUMNS} | {
        "currency_code": business.currency_code,
        "team_members": [
            {
                "team_member_id": str(own.team_member_id),
                "price_cents": own.price_cents,
                "duration_min": own.duration_min,
            }
            for own in service.assignments.all()
        ],
    }
