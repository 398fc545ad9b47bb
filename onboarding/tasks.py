"""Background work of opening salons."""

from celery import shared_task
from django.utils import timezone


@shared_task(public=True)
def provision_salon(progress_id):
    """Make the salon whose address was chosen; harmless where it is made already."""
    from onboarding import services  # services queue this task: the import would be circular
    from onboarding.models import OnboardingProgress

    progress = OnboardingProgress.objects.filter(pk=progress_id).first()
    if progress:
        services.ensure_salon(progress=progress, now=timezone.now())


@shared_task(public=True)
def provision_left_behind():
    from onboarding import services

    services.provision_left_behind(now=timezone.now())
