"""Background work of the diary."""

from celery import shared_task
from django.utils import timezone

from bookings import services
from bookings.services import reminders
from tenants.clock import database_now
from tenants.tasks import where_work


@shared_task(public=True)
def sweep_holds():
    """Queue the ending of run-out holds where there are some."""
    over = services.run_out(now=database_now())
    where_work(expire_holds, lambda salon: [over])


@shared_task
def expire_holds():
    services.expire_holds()


@shared_task(public=True)
def sweep_reminders():
    """Queue the planning anew of reminders where rules have changed and the task that was queued then got lost."""
    stale = reminders.out_of_step()
    where_work(replan_reminders, lambda salon: [stale])


@shared_task
def replan_reminders():
    """Bring the reminders of visits to come into step with the salon's rules."""
    reminders.replan_reminders(now=timezone.now())
