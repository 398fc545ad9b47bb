"""A sweep queues a salon's task where that task has work, and nowhere else."""

from datetime import timedelta
from itertools import product

import pytest
from celery import Celery
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from bookings import tasks as diary
from bookings.models import Booking
from bookings.services import expire_holds
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_service
from giftcards import tasks as gifts
from giftcards.models import GiftCard
from giftcards.tests.making import make_card
from payments import tasks as money
from payments.models import CardHold, CardSetup, GiftCardOrder, MoneyAction, SavedCard
from tenants import sweeping
from tenants.models import Business, TenantBilling
from tenants.tasks import HEADER, NIGHTLY
from waitlist import tasks as waiting
from waitlist.models import FreedTime, Wish
from waitlist.tests.making import wait
from webhooks import tasks as hooks
from webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

AGO = timedelta(hours=2)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """What would have gone to the broker: (task, salon)."""
    messages = []

    def keep(self, name, *args, **how):
        messages.append((name, how["headers"][HEADER]))

    monkeypatch.setattr(Celery, "send_task", keep)
    return messages


def booked(business, **changes):
    service = make_service()
    make_member(performs=[service])
    booking = make_booking(business, service, at(business))
    Booking.objects.filter(pk=booking.pk).update(**changes)
    return booking


def aged(row, **more):
    """The row as it would be two hours later."""
    old = {field: timezone.now() - AGO for field in ("created_at", "updated_at") if hasattr(row, field)}
    type(row).objects.filter(pk=row.pk).update(**old | more)


def run_out_hold(business):
    booked(business, status="hold", hold_expires_at=timezone.now() - AGO)


def card_to_mail(business):
    make_card(recipient_email="bea@example.com")


def many_spent_cards():
    """So many that reading the index of those with money left is cheaper than the one of all, whatever was there before."""
    GiftCard.objects.bulk_create(
        GiftCard(code_digest=number, amount_cents=5000, currency_code="USD", delivered_at=timezone.now())
        for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE giftcards_giftcard")


def card_to_end(business):
    make_card(expiration_date=timezone.localdate() - timedelta(days=3))


def stuck_press(business):
    press = {"kind": "complete", "client_key": "x", "amount_cents": 1, "state": "creating"}
    aged(MoneyAction.objects.create(booking=booked(business), currency_code="EUR", **press))


def press_of_a_customers(business):
    press = {"kind": "complete", "client_key": "x", "amount_cents": 1, "state": "needs_customer"}
    more = {"payment_intent_id": "pi_1", "currency_code": "EUR"}
    aged(MoneyAction.objects.create(booking=booked(business), **press | more))


def hold_on_a_card(business, state, **changes):
    aged(CardHold.objects.create(booking=booked(business), amount_cents=1, currency_code="EUR", state=state), **changes)


def half_done_hold(business):
    hold_on_a_card(business, "confirming")


def hold_to_release(business):
    hold_on_a_card(business, "releasing")


def useless_hold(business):
    hold_on_a_card(business, "held", capture_before=timezone.now() - AGO)


def removed_card(business):
    card = {"stripe_account_id": "acct_1", "consented_at": timezone.now(), "removed_at": timezone.now()}
    SavedCard.objects.create(customer=make_customer(), payment_method_id="pm_1", **card)


def open_order(business):
    order = {"form_key": "x", "amount_cents": 1, "currency_code": "EUR", "stripe_account_id": "acct_1"}
    aged(GiftCardOrder.objects.create(checkout_session_id="cs_1", **order))


def due_delivery(business):
    endpoint = WebhookEndpoint.objects.create(url="https://example.com/", events=["booking.created"])
    event = WebhookEvent.objects.create(type="booking.created", occurred_at=timezone.now())
    WebhookDelivery.objects.create(endpoint=endpoint, event=event, due_at=timezone.now() - AGO)


def wish(business, **fields):
    """Somebody waits whom nothing can be offered."""
    service = make_service()
    make_member(performs=[service])
    Wish.objects.filter(pk=wait(business, service).pk).update(**fields)


def freed_time(business):
    FreedTime.objects.create(first_date=timezone.localdate(), at=timezone.now())


def wish_of_last_week(business):
    day = timezone.localdate() - timedelta(days=7)
    wish(business, first_date=day, last_date=day)


def wish_of_last_year(business):
    wish(business, status="left", ended_at=timezone.now() - timedelta(days=365))


#: sweep, the salon's task, a row that is work for it, the indexes that find it.
SWEEPS = [
    (diary.sweep_holds, diary.expire_holds, run_out_hold, {"booking_running_out"}),
    (
        gifts.sweep_gift_cards,
        gifts.look_after_gift_cards,
        card_to_mail,
        {"gift_card_to_deliver", "gift_card_to_expire"},
    ),
    (gifts.sweep_gift_cards, gifts.look_after_gift_cards, card_to_end, {"gift_card_to_deliver", "gift_card_to_expire"}),
    *(
        (
            money.sweep_actions,
            money.finish_actions,
            make,
            {"money_action_open", "money_action_stopped", "card_hold_live", "saved_card_to_forget"},
        )
        for make in (
            stuck_press,
            press_of_a_customers,
            half_done_hold,
            hold_to_release,
            useless_hold,
            removed_card,
        )
    ),
    (money.sweep_orders, money.finish_orders, open_order, {"gift_card_order_open"}),
    (hooks.sweep_webhooks, hooks.wake, due_delivery, {"webhook_delivery_due"}),
    *(
        (waiting.sweep_waitlist, waiting.offer_free_time, make, {"waitlist_freedtime_pkey", "wish_waiting"})
        for make in (freed_time, wish_of_last_week)
    ),
    (waiting.sweep_ended_wishes, waiting.forget_ended, wish_of_last_year, {"wish_to_forget"}),
]
NAMES = [make.__name__ for _, _, make, _ in SWEEPS]


@pytest.mark.parametrize(("sweep", "task", "make", "indexes"), SWEEPS, ids=NAMES)
def test_only_the_salon_with_work_gets_its_task(rosa, nora, queued, sweep, task, make, indexes):
    sweep()
    assert queued == []

    with tenant_context(nora):
        make(nora)
    queued.clear()
    sweep()

    assert queued == [(task.name, nora.schema_name)]


@pytest.mark.parametrize(("sweep", "task", "make", "indexes"), SWEEPS, ids=NAMES)
def test_looking_for_work_reads_indexes(rosa, sweep, task, make, indexes):
    """Also in a salon full of rows that are no work: with tables this small, one has to forbid reading all of them."""
    with tenant_context(rosa):
        many_spent_cards()
    plans = []

    def explain(execute, sql, params, many, context):
        if "EXISTS" in sql:
            with connection.cursor() as cursor:
                cursor.cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
                cursor.cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        sweep()

    assert plans
    for plan in plans:
        assert indexes <= {index for index in indexes if index in plan}, plan


@pytest.mark.parametrize(
    ("status", "minutes"),
    list(product(("hold", "pending", "confirmed", "expired"), (-1, 1))),
    ids=lambda value: str(value),
)
def test_a_hold_is_found_exactly_where_the_task_would_end_it(rosa, nora, queued, status, minutes):
    with tenant_context(rosa):
        booked(rosa, status=status, hold_expires_at=timezone.now() + timedelta(minutes=minutes))
    queued.clear()

    diary.sweep_holds()
    with tenant_context(rosa):
        ended = expire_holds()

    assert [salon for _, salon in queued] == [rosa.schema_name] * ended
    assert ended == (status in ("hold", "pending") and minutes < 0)
    queued.clear()
    diary.sweep_holds()
    assert queued == []


def test_near_visits_are_looked_for_where_prices_are_held(rosa, nora, queued):
    for business in (rosa, nora):
        with tenant_context(business):
            service = make_service()
            make_member(performs=[service])
            booking = make_booking(business, service, at(business, days=1))
            CardSetup.objects.create(
                booking=booking, stripe_account_id="acct_1", stripe_customer_id="cus_1", status="succeeded"
            )
    queued.clear()
    Business.objects.filter(pk=nora.pk).update(hold_near_visits=True)
    TenantBilling.objects.filter(business=nora).update(charges_enabled=True)

    money.sweep_near_visits()

    assert queued == [(money.hold_near_visits.name, nora.schema_name)]


def test_a_salon_that_misses_a_migration_keeps_no_other_waiting(rosa, nora, queued, caplog):
    for business in (rosa, nora):
        with tenant_context(business):
            run_out_hold(business)
    queued.clear()
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{rosa.schema_name}".bookings_booking RENAME COLUMN hold_expires_at TO later')

    diary.sweep_holds()

    assert queued == [(diary.expire_holds.name, nora.schema_name)]
    assert "salon_not_asked" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_salon_that_cannot_be_asked_now_gets_its_task(rosa, nora, queued, monkeypatch):
    """Somebody holds its table: the task will wait for it, the sweep does not."""
    monkeypatch.setattr(sweeping, "PATIENCE_MS", 300)
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f'LOCK TABLE "{rosa.schema_name}".bookings_booking IN ACCESS EXCLUSIVE MODE')
        diary.sweep_holds()
    finally:
        other.close()

    assert queued == [(diary.expire_holds.name, rosa.schema_name)]


def test_a_table_of_all_salons_is_read_where_it_lies(rosa, nora):
    """And what somebody's row says is a value, whatever it looks like."""
    with tenant_context(nora):
        make_card(recipient_name='x FROM "giftcards_giftcard"', recipient_email="bea@example.com")
    named = GiftCard.objects.filter(recipient_name='x FROM "giftcards_giftcard"')

    assert sweeping.salons_with_work(lambda salon: [named]) == [nora.schema_name]
    assert sweeping.salons_with_work(lambda salon: [Business.objects.filter(slug="nora")]) == [
        business.schema_name for business in Business.objects.order_by("pk")
    ]


def test_the_question_is_asked_once_for_many_salons(rosa, nora, django_assert_num_queries):
    with schema_context("public"), transaction.atomic(), django_assert_num_queries(3):  # salons, savepoint, limit, ask
        sweeping.salons_with_work(lambda salon: [GiftCard.objects.all()])


def test_what_is_done_for_every_salon_waits_in_a_queue_of_its_own(rosa, nora, monkeypatch):
    seen = []
    monkeypatch.setattr(Celery, "send_task", lambda self, name, *args, **how: seen.append((name, how["queue"])))

    money.sweep_ledgers()
    hooks.sweep_old_events()

    assert seen == [(money.compare_ledger.name, NIGHTLY)] * 2 + [(hooks.forget_old.name, NIGHTLY)] * 2
