"""Where an owner stands: begun, answered, left for later. The only writer of OnboardingProgress' steps."""

from django.db import transaction

from onboarding import queries, steps
from onboarding.models import LAST_STEP, OnboardingProgress, Provisioning
from onboarding.services.errors import SalonEnded, StepNotOptional, TooManyUnfinished
from tenants.models import BusinessStatus

#: How many salons one person may have on their way at once.
MOST_UNFINISHED = 5


@transaction.atomic
def begin(*, owner, fields, like=None, now):
    """A new salon on its way: step 1 is answered. `fields`: name, legal_name, industry, description.

    `like` is a salon of the owner's whose menu, rules and looks the new one starts with. Raises TooManyUnfinished.
    """
    if queries.all_of(owner).filter(live_at=None).count() >= MOST_UNFINISHED:  # those that leave keep their names, too
        raise TooManyUnfinished
    progress = OnboardingProgress(owner=owner, started_at=now, like=like and like.pk, **fields)
    _answered(progress, 1)
    progress.save(force_insert=True)
    return progress


def locked(progress):
    """The row as it is now, for the caller's transaction.

    Nothing is joined: after waiting for the lock PostgreSQL has the row's new values, but what was joined is as before.
    """
    return OnboardingProgress.objects.select_for_update().get(pk=progress.pk)


def refuse_ended(progress):
    """Raise SalonEnded where the salon is for reading only: its own doors are closed too (`tenants.middleware`)."""
    if progress.business and progress.business.has_ended:
        raise SalonEnded


@transaction.atomic
def finish_step(*, progress, number):
    """Step `number` was answered. Returns the row as it is now."""
    row = locked(progress)
    _answered(row, number)
    row.save(update_fields=["completed_steps", "skipped_steps", "current_step", "updated_at"])
    return row


@transaction.atomic
def skip_step(*, progress, number):
    """Leave an optional step for later; it stays on the list of what is open. Raises StepNotOptional."""
    if not steps.BY_NUMBER[number].optional:
        raise StepNotOptional
    row = locked(progress)
    if number not in row.completed_steps:
        row.skipped_steps = sorted({*row.skipped_steps, number})
        row.current_step = steps.current(row.completed_steps, row.skipped_steps)
        row.save(update_fields=["skipped_steps", "current_step", "updated_at"])
    return row


def _answered(progress, number):
    progress.completed_steps = sorted({*progress.completed_steps, number})
    progress.skipped_steps = [each for each in progress.skipped_steps if each != number]
    progress.current_step = steps.current(progress.completed_steps, progress.skipped_steps)


def progress_of(*, business, now):
    """The salon's progress; a salon that was not opened in the wizard gets one that is through with it."""
    existing = queries.progress_of(business)
    if existing:
        return existing
    live = business.status != BusinessStatus.ONBOARDING
    progress, _ = OnboardingProgress.objects.get_or_create(
        pk=business.pk,
        defaults={
            "business": business,
            "name": business.name,
            "slug": business.slug,
            "provisioning": Provisioning.DONE,
            "completed_steps": list(range(1, LAST_STEP + 1)) if live else [1, 2],
            "current_step": LAST_STEP if live else 3,
            "started_at": business.created_at,
            "live_at": now if live else None,
        },
    )
    return progress
