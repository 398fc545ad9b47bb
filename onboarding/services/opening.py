"""From a name to a salon that exists: the address is promised at once, the rest is made in the background.

Making a salon is one transaction: all of it, or nothing. Who needs it first makes it: the worker, the page that waits,
or the next call of the API; the others find it made. See docs/decisions/0022-wizard.md.
"""

from datetime import timedelta

import structlog
from django.db import DatabaseError, transaction
from django_tenants.utils import tenant_context

from accounts import queries as accounts_queries
from accounts.services import OwnsASalon
from audit import actors
from bookings.services.profile import change_profile
from onboarding.manage.moving import move_salon
from onboarding.models import OnboardingProgress, Provisioning
from onboarding.services import likeness
from onboarding.services.errors import NothingBegun, ProvisioningFailed, SalonNotReady
from onboarding.services.progress import finish_step, locked
from onboarding.tasks import provision_salon
from tenants import services as tenants
from tenants.errors import DomainError
from tenants.template import TemplateOutdated

logger = structlog.get_logger("tithi.onboarding")

#: After so long without a worker the sweep takes it up; after so many tries somebody has to press.
PATIENCE = timedelta(seconds=30)
MOST_ATTEMPTS = 5


@transaction.atomic
def save_business(*, progress, fields, by, now):
    """Answer step 1 anew: name, legal_name, industry, description. Returns the progress."""
    row = locked(progress)
    if row.business:
        with tenant_context(row.business):
            columns = {"name": fields["name"], "legal_name": fields["legal_name"], "description": fields["description"]}
            change_profile(business=row.business, changes=columns | {"category": fields["industry"]}, by=by, now=now)
    for column, value in fields.items():
        setattr(row, column, value)
    row.save(update_fields=[*fields, "updated_at"])
    return finish_step(progress=row, number=1)


@transaction.atomic
def choose_address(*, progress, slug, by, now):
    """Answer step 2: the name is the salon's from now on, and the salon is made in the background.

    Raises slugs.SlugInvalid, SlugReserved or SlugTaken. A salon that exists gets the new address at once, as on its
    owner's page about addresses: a published one keeps the old one as a way there, and cannot move too often.
    """
    row = locked(progress)
    if row.business:
        move_salon(business=row.business, slug=slug, by=by, now=now)
    else:
        tenants.claim_slug(slug=slug, business_id=row.pk, now=now)
        row.provisioning, row.provisioning_error = Provisioning.QUEUED, ""
        row.provisioning_asked_at = now
        provision_salon.delay_on_commit(str(row.pk))
    row.slug = slug
    row.save(update_fields=["slug", "provisioning", "provisioning_error", "provisioning_asked_at", "updated_at"])
    return finish_step(progress=row, number=2)


def ensure_salon(*, progress, now):
    """The progress with its salon, made now unless somebody has. Raises SalonNotReady without an address,
    ProvisioningFailed when it does not work, NothingBegun where it is gone."""
    if progress.business:
        return progress
    if not progress.slug:
        raise SalonNotReady
    try:
        return _provision(progress, now)
    except NothingBegun:
        raise
    except (DomainError, TemplateOutdated, DatabaseError) as exc:
        _failed(progress, exc)
        raise ProvisioningFailed from exc


@transaction.atomic
def _provision(progress, now):
    try:
        row = locked(progress)
    except OnboardingProgress.DoesNotExist as exc:
        raise NothingBegun from exc  # its owner's account was erased meanwhile
    if row.business:
        return row
    row.business = tenants.open_business(
        slug=row.slug,
        owner=row.owner,
        id=row.pk,
        name=row.name,
        legal_name=row.legal_name,
        category=row.industry,
        description=row.description,
        email=row.owner.email,
    )
    row.provisioning, row.provisioning_error = Provisioning.DONE, ""
    row.save()
    likeness.begin_alike(progress=row, by=actors.user(row.owner), now=now)
    return row


def _failed(progress, exc):
    """Nothing of the salon is left; what is left is why."""
    logger.exception("provisioning_failed", progress=str(progress.pk))
    sentence = str(exc) if isinstance(exc, DomainError) else ProvisioningFailed.message
    with transaction.atomic():
        row = locked(progress)
        if row.business is None:
            row.provisioning, row.provisioning_error = Provisioning.FAILED, sentence
            row.provisioning_attempts += 1
            row.save(
                update_fields=["provisioning", "provisioning_error", "provisioning_attempts", "updated_at"],
            )


@transaction.atomic
def forget_begun(*, owner):
    """Salons that a person began and that were never made go with the account, with the names they were promised.

    Raises OwnsASalon of the accounts where one was made at this very moment.
    """
    rows = OnboardingProgress.objects.select_for_update().filter(owner=owner).order_by("pk")
    begun = [row.pk for row in rows if row.business_id is None]
    if accounts_queries.live_salons_owned_alone(owner).exists():
        raise OwnsASalon
    tenants.give_names_back(business_ids=begun)
    OnboardingProgress.objects.filter(pk__in=begun).delete()


def provision_left_behind(*, now):
    """Make the salons that no worker made: their message was lost, or it did not work. Returns how many were made."""
    made = 0
    left = OnboardingProgress.objects.filter(
        provisioning__in=[Provisioning.QUEUED, Provisioning.FAILED],
        provisioning_attempts__lt=MOST_ATTEMPTS,
        provisioning_asked_at__lt=now - PATIENCE,
    )
    for progress in left.order_by("provisioning_asked_at")[:100]:
        try:
            ensure_salon(progress=progress, now=now)
        except (ProvisioningFailed, NothingBegun):
            continue  # written down, or gone; the next one may work
        made += 1
    return made
