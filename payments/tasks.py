"""Background work of money."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import for_each_salon, where_work


@shared_task(public=True)
def sweep_actions():
    """Queue the finishing of open money actions and holds where there are some."""
    now = timezone.now()
    likely, found = maybe_unfinished(now=now), unfinished(now=now)
    where_work(finish_actions, lambda salon: found, likely=lambda salon: likely)


def maybe_unfinished(*, now):
    """Finds a row of one table wherever `unfinished` finds one."""
    from payments.services import driving, holding, kept_cards, recovery  # as below

    return [driving.stuck(now=now), holding.live(), kept_cards.removed(), recovery.waiting(now=now)]


def unfinished(*, now):
    """What `finish_actions` would go on with."""
    from payments.services import driving, holding, kept_cards, recovery  # as below

    return [
        driving.stuck(now=now),
        holding.half_done(now=now),
        holding.useless(now=now),
        holding.to_release(),
        kept_cards.to_forget(),
        recovery.waiting(now=now),
    ]


@shared_task
def finish_actions():
    from payments import services  # services queue tasks of this module: the import would be circular

    services.finish_open_actions(now=timezone.now())
    services.finish_open_holds(now=timezone.now())
    services.forget_removed_cards()
    services.look_again(now=timezone.now())


@shared_task(public=True)
def sweep_ledgers():
    """Queue the comparison with Stripe for every salon."""
    for_each_salon(compare_ledger)


@shared_task
def compare_ledger():
    from payments.services import reconciling  # as above

    reconciling.check(business=connection.tenant, now=timezone.now())


@shared_task(public=True)
def sweep_near_visits():
    """Queue the holding of prices where a visit has come near."""
    from payments.services import holding  # as above

    near = holding.near(now=timezone.now())
    where_work(hold_near_visits, lambda salon: [near] if holding.is_wanted(salon) else [], alike=holding.is_wanted)


@shared_task
def hold_near_visits():
    from payments.services import holding  # as above

    holding.place_due(business=connection.tenant, now=timezone.now())


@shared_task
def release_holds():
    from payments.services import holding  # as above

    holding.release_open()


@shared_task(public=True)
def sweep_orders():
    """Queue the finishing of gift cards that were paid for and not issued, where there are some."""
    from payments.services import orders  # as above

    waiting = orders.waiting(now=timezone.now())
    where_work(finish_orders, lambda salon: [waiting])


@shared_task
def finish_orders():
    from payments.services import orders  # as above

    orders.finish_open_orders(business=connection.tenant, now=timezone.now())


@shared_task
def forget_removed_cards():
    from payments import services  # as above

    services.forget_removed_cards()
