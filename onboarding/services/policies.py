"""Step 9: what customers agree to, and how soon and how far ahead they can book."""

from django.db import transaction

from bookings.services.settings import change_settings
from onboarding.services.progress import finish_step, locked


@transaction.atomic
def save_policies(*, progress, policies, by, now, booking=None):
    """Keep terms and booking rules. Call in the salon's schema.

    `policies` and `booking` are columns of Business; what is not named stays. Raises PoliciesContradict, RulesContradict.
    """
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    change_settings(business=progress.business, policies=policies, rules=booking or {}, by=by, now=now)
    return finish_step(progress=progress, number=9)
