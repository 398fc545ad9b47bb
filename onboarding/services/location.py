"""Step 3: where the salon is, by which clock and currency it works, and when it is open."""

from babel.numbers import get_territory_currencies
from django.db import transaction

from bookings.services import team
from bookings.services.settings import change_settings
from onboarding.services.progress import finish_step, locked


@transaction.atomic
def save_location(*, progress, profile, timezone, by, now, opening_hours=None, keep_visits=None):
    """Keep where the salon is. Call in its schema; raises what the verbs of the settings raise.

    `profile` are columns of Business, `opening_hours` [(day_of_week, start_min, end_min)] or None where they stay.
    With visits to come, a new zone needs `keep_visits` (`bookings.services.zones.CHOICES`).
    """
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    change_settings(
        business=progress.business, profile=profile, rules={"timezone": timezone}, by=by, now=now, keep=keep_visits
    )
    if opening_hours is not None:
        team.set_opening_hours(shifts=opening_hours, by=by, now=now)
    return finish_step(progress=progress, number=3)


def currency_of(country, business):
    """The currency people pay with in a country; the salon's present one where that is not known."""
    return next(iter(get_territory_currencies(country)), business.currency_code)
