"""Step 5: what the booking page looks like."""

from django.db import transaction

from bookings.services.settings import KEPT, change_settings
from onboarding.services.progress import finish_step, locked
from tenants.media_services import ImageRefused


class LogoRefused(ImageRefused):
    """The picture is none, or none we take. Nothing else of the answer was kept either."""

    field = "logo"


@transaction.atomic
def save_branding(*, progress, looks, by, now, logo=KEPT):
    """Keep colours and type face (`looks`: columns of Business). Call in the salon's schema. Raises LogoRefused.

    `logo` is a picture's bytes, None to have none, KEPT to leave it as it is.
    """
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    try:
        change_settings(business=progress.business, profile=looks, logo=logo, by=by, now=now)
    except ImageRefused as exc:
        raise LogoRefused from exc
    return finish_step(progress=progress, number=5)
