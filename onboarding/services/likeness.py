"""Another location of the same owner begins like the first: its menu, terms, rules, hours, words and looks.

People, customers, visits and money are each salon's own; nothing of them is looked at.
"""

from dataclasses import dataclass

from django_tenants.utils import tenant_context

from bookings.models import OpeningHours, Service, ServiceCategory
from bookings.services import catalogue, team
from bookings.services.policies import POLICIES
from bookings.services.profile import change_languages
from bookings.services.settings import RULES, change_settings
from messaging import services as messaging
from messaging.models import NotificationTemplate
from onboarding import queries

LOOKS = ("primary_color", "secondary_color", "font", "currency_code")
WORDS = ("name", "channel", "trigger", "language", "subject", "body")


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is taken over, as plain values: they are read in one salon's schema and written in another's."""

    settings: dict
    languages: dict
    categories: list
    services: list
    hours: list
    words: list


def begin_alike(*, progress, by, now):
    """Give a salon that was just made what `progress.like` has; nothing where that is not its owner's (any more)."""
    model = progress.like and queries.own_business(progress.owner, progress.like)
    if not model:
        return
    with tenant_context(model):
        seen = _look(model)
    with tenant_context(progress.business):
        _write(progress.business, seen, {"by": by, "now": now})


def _look(business):
    rules = {name: getattr(business, name) for name in RULES}
    return Likeness(
        settings={
            "rules": rules,
            "policies": {name: getattr(business, name) for name in POLICIES},
            "profile": {name: getattr(business, name) for name in LOOKS},
        },
        languages={"language": business.language, "others": business.other_languages},
        categories=list(ServiceCategory.objects.values("pk", *catalogue.CATEGORY)),
        services=list(Service.objects.filter(deleted_at=None).values(*_columns(), "category_id")),
        hours=list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min")),
        words=list(NotificationTemplate.objects.filter(is_active=True).values(*WORDS)),
    )


def _columns():
    return [name for name in catalogue.SERVICE if name != "category"]


def _write(business, seen, told):
    change_settings(business=business, **seen.settings, **told)
    change_languages(business=business, **seen.languages, **told)
    headings = {row.pop("pk"): catalogue.create_category(fields=row, **told) for row in map(dict, seen.categories)}
    for row in map(dict, seen.services):
        row["category"] = headings.get(row.pop("category_id"))
        catalogue.create_service(business=business, fields=row, team_members=[], **told)
    team.set_opening_hours(shifts=seen.hours, **told)
    messaging.write_templates(texts=seen.words, **told)
