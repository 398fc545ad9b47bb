"""After the storm: everything comes to rest, and what the product wrote down is compared with what Stripe moved."""

import time
from collections import Counter
from datetime import timedelta

from django.db.models import Count, Sum
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from bookings.models import Booking
from config.bench.results import Result
from config.chaos import world as worlds
from config.chaos.presses import ENDED
from messaging.models import Message
from payments import services
from payments.models import FINAL_STATES, LedgerEntry, LedgerKind, MoneyAction, Payment
from payments.services import reconciling
from payments.webhooks import services as inbox
from payments.webhooks.models import EventStatus, StripeEvent

ROUNDS = 30
MINUTE = timedelta(minutes=2)


def settle(world):
    """Faults off, events delivered, sweeps until nothing is open. Returns how many rounds it took."""
    world.control("/chaos", rate=0)
    world.control("/webhooks/mode", retry_after=[1] * 20)
    worlds.restart_if_dead(world, "web")
    for number in range(1, ROUNDS + 1):
        open_still = sum(_sweep(salon) for salon in world.salons) + _events(world)
        if not open_still:
            return number
        time.sleep(1)
    return ROUNDS


def _sweep(salon):
    """A minute goes by: leases of the dead have ended, and the sweep takes over. How many presses are still open."""
    with tenant_context(salon.business):
        past = timezone.now() - MINUTE
        waiting = MoneyAction.objects.exclude(state__in=FINAL_STATES)
        waiting.update(updated_at=past)
        waiting.exclude(leased_until=None).update(leased_until=past)
        services.finish_open_actions(now=timezone.now())
        for action in waiting.filter(state="failed"):
            services.retry(action=action)
        return waiting.count()


def _events(world):
    """Process what has been delivered; how many events are still on their way or unprocessed."""
    on_their_way = world.look("/webhooks")["pending"]
    with schema_context("public"):
        waiting = list(StripeEvent.objects.filter(status=EventStatus.RECEIVED).values_list("pk", flat=True)[:500])
        for event_id in waiting:
            inbox.process(event_id=event_id)
    return on_their_way + len(waiting)


def results(world, pressed):
    """Yield what was found, with what it has to be."""
    for salon in world.salons:
        name = salon.business.slug
        moved = world.look("/ledger", account=salon.account)
        with tenant_context(salon.business):
            yield from _ledgers(name, moved)
            yield from _oddities(name, salon, world, moved)
    yield from _answers(pressed)


def _ledgers(name, moved):
    for kind in (LedgerKind.CAPTURE, LedgerKind.REFUND):
        theirs = [row for row in moved if row["kind"] == kind]
        ours = LedgerEntry.objects.filter(kind=kind).aggregate(
            count=Count("id"), cents=Sum("amount_cents", default=0), fees=Sum("application_fee_cents", default=0)
        )
        for what, at_stripe, written in (
            (f"{kind}s", len(theirs), ours["count"]),
            (f"cents by {kind}", sum(row["amount"] for row in theirs), ours["cents"]),
            (f"fee cents by {kind}", sum(row["application_fee"] for row in theirs), ours["fees"]),
        ):
            yield Result(f"{name}: {what} at Stripe", at_stripe, "")
            yield Result(f"{name}: {what} in the ledger less Stripe's", written - at_stripe, "", at_most=0, at_least=0)


def _oddities(name, salon, world, moved):
    captures = Counter(row["metadata"].get("booking_id") for row in moved if row["kind"] == "capture")
    doubles = sum(count > 1 for count in captures.values())
    yield Result(f"{name}: visits charged more than once", doubles, "visits", at_most=0)
    report = reconciling.reconcile(business=salon.business, now=timezone.now() + timedelta(hours=1))
    yield Result(f"{name}: differences found by reconcile", len(report.differences), "", at_most=0)
    yield Result(f"{name}: unconfirmed payments nobody needed, given up by reconcile", len(report.orphans), "")
    still = [row for row in world.look("/open") if row["account"] == salon.account]
    yield Result(f"{name}: payments still open at Stripe", len(still), "payments", at_most=0)
    waiting = MoneyAction.objects.exclude(state__in=FINAL_STATES).count()
    yield Result(f"{name}: presses not finished", waiting, "presses", at_most=0)
    receipts = Message.objects.filter(kind="receipt").count()
    yield Result(f"{name}: receipts less captures", receipts - sum(captures.values()), "", at_most=0, at_least=0)
    wrong = sum(_is_uneven(payment) for payment in Payment.objects.exclude(captured_at=None))
    yield Result(f"{name}: payments whose parts do not add up", wrong, "payments", at_most=0)


def _is_uneven(payment):
    paid = payment.gift_cents + payment.discount_cents + payment.captured_cents
    return paid + payment.cash_cents + payment.waived_cents != payment.due_cents


def _answers(pressed):
    statuses = Counter(press.status for press in pressed)
    lost = 0
    for press in pressed:
        if press.acknowledged and press.button in ENDED:
            with tenant_context(press.salon.business):
                lost += Booking.objects.get(pk=press.booking).status != press.answer["booking_status"]
    yield Result("presses that were answered for and are not there", lost, "presses", at_most=0)
    yield Result("presses nobody ever answered", statuses[0], "presses")
    for status, count in sorted(statuses.items()):
        yield Result(f"answers: {status or 'none'}", count, "")
