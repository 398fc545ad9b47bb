"""A salon with years behind it, and its owner's browser: what the benches of the team's pages ask with."""

from itertools import repeat

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, BookingItem, Customer, Occupancy
from config.bench import data
from config.testing_client import HostClient
from messaging.models import Message
from payments.models import LedgerEntry, MoneyAction, Payment
from tenants.models import Membership, Role, User

CUSTOMERS = 20_000
#: The visits' customers, chosen by lot, with names to look for.
NAMED = """
INSERT INTO bookings_customer (id, display_name, email, phone, marketing_opt_in, notification_preferences, notes, created_at)
SELECT gen_random_uuid(), first || ' ' || last || ' ' || n, lower(first) || n || '@example.com', '+1212' || 5000000 + n, false,
       '{}', '', now() - n * interval '1 hour'
  FROM generate_series(1, %(count)s) AS n,
       LATERAL (SELECT (ARRAY['Anna', 'Bea', 'Carla', 'Dora', 'Elif', 'Fatima', 'Grace', 'Ines'])[1 + n %% 8] AS first,
                       (ARRAY['Berg', 'Costa', 'Duarte', 'Evans', 'Fischer', 'Garcia', 'Ito'])[1 + n / 8 %% 7] AS last) AS name"""
ASSIGNED = """
WITH numbered AS (SELECT id, display_name, email, phone, row_number() OVER (ORDER BY created_at) - 1 AS n
                    FROM bookings_customer WHERE display_name NOT LIKE 'Customer %%')
UPDATE bookings_booking AS visit
   SET customer_id = numbered.id, contact_name = display_name, contact_email = email, contact_phone = phone
  FROM numbered
 WHERE numbered.n = abs(hashtext(visit.id::text)) %% %(count)s"""
#: What became of the visits that are over: a tenth was cancelled, half of that late, a twentieth missed.
OUTCOMES = """
UPDATE bookings_booking
   SET status = CASE WHEN n < 5 THEN 'no_show' WHEN n < 15 THEN 'canceled' ELSE 'completed' END,
       cancellation_fee_cents = CASE WHEN n BETWEEN 5 AND 9 THEN 2000 ELSE 0 END
  FROM (SELECT id AS booking, abs(hashtext(id::text)) % 100 AS n FROM bookings_booking) AS lot
 WHERE booking = id AND start_at < now()"""
FREED = """
DELETE FROM bookings_occupancy
 USING bookings_bookingitem AS item, bookings_booking AS visit
 WHERE item.id = item_id AND visit.id = item.booking_id AND visit.status = 'canceled'"""
#: Each visit that is over was paid by card, or its fee was.
PAID = """
INSERT INTO payments_payment
       (id, booking_id, is_current, customer_id, status, method, amount_cents, tip_cents, tax_cents, no_show_fee_cents,
        gift_cents, discount_cents, cash_cents, waived_cents, captured_cents, refunded_cents, gift_restored_cents,
        application_fee_cents, currency_code, provider, provider_account_id, provider_charge_id,
        provider_setup_intent_id, provider_metadata, explicit_consent_flag, created_at, captured_at)
SELECT gen_random_uuid(), id, true, customer_id, 'captured', 'card', price_cents, 0, 0, 0, 0, 0, 0, 0, price_cents, 0, 0,
       price_cents / 100, currency_code, 'stripe', 'acct_bench', '', '', '{}', true, start_at, end_at
  FROM bookings_booking WHERE status IN ('completed', 'no_show')"""
PRESSED = """
INSERT INTO payments_moneyaction
       (id, booking_id, payment_id, kind, client_key, params_hash, price_cents, tip_cents, discount_cents, gift_cents,
        cash_cents, waived_cents, amount_cents, application_fee_cents, currency_code, reason, refund_type,
        stripe_account_id, state, attempts, key_generation, last_error, decline_code, declines, actor_label, created_at,
        updated_at)
SELECT gen_random_uuid(), booking_id, payment.id, CASE booking.status WHEN 'no_show' THEN 'no_show' ELSE 'complete' END,
       payment.id::text, '', amount_cents, 0, 0, 0, 0, 0, amount_cents, 0, payment.currency_code, '', '', 'acct_bench',
       'succeeded', 1, 0, '', '', 0, '', captured_at, captured_at
  FROM payments_payment AS payment JOIN bookings_booking AS booking ON booking.id = payment.booking_id"""
MOVED = """
INSERT INTO payments_ledgerentry
       (kind, stripe_id, stripe_account_id, payment_intent_id, amount_cents, application_fee_cents, currency_code,
        booking_id, payment_id, at)
SELECT 'capture', id::text, 'acct_bench', id::text, captured_cents, application_fee_cents, currency_code, booking_id, id,
       captured_at
  FROM payments_payment"""
#: What each visit left in the outbox and in the trail.
SAID = """
INSERT INTO messaging_message
       (id, dedupe_key, about_id, kind, channel, recipient, reply_to, subject, text, html, attachments, status, due_at,
        attempts, last_error, created_at, sent_at)
SELECT gen_random_uuid(), id || ':' || kind, id, kind, 'email', contact_email, '', 'Your visit ' || ref, repeat('Hello. ', 90),
       repeat('<p>Hello.</p>', 300), '[]', CASE WHEN abs(hashtext(ref || kind)) % 200 = 0 THEN 'dead' ELSE 'sent' END, at, 1,
       '', at, at
  FROM bookings_booking,
       LATERAL (VALUES ('confirmation', start_at - interval '9 days'),
                       ('reminder', start_at - interval '1 day')) AS two(kind, at)"""
NOTED = """
INSERT INTO audit_auditentry
       (id, at, actor_label, action, subject_type, subject_id, subject_label, before, after, request_id)
SELECT gen_random_uuid(), end_at, 'owner@bench.example', 'booking.' || status, 'bookings.booking', id, ref || ' · Cut & colour',
       '{"status": "confirmed"}', jsonb_build_object('status', status), ''
  FROM bookings_booking WHERE status <> 'confirmed'"""


def full_salon(slug, *, visits):
    """A salon with so many visits of 20,000 customers, most of them over, and their money."""
    salon = data.open_salon(slug, now=timezone.now())
    data.grow(salon, factor=visits // data.BOOKINGS)
    with tenant_context(salon.business), connection.cursor() as cursor:
        for statement in (NAMED, ASSIGNED, OUTCOMES, FREED, PAID, PRESSED, MOVED):
            cursor.execute(statement, {"count": CUSTOMERS} if "%(count)s" in statement else None)
        _settle(cursor, Customer, Booking, BookingItem, Occupancy, Payment, MoneyAction, LedgerEntry)
    owner = User.objects.create_user(f"owner@{slug}.example")
    Membership.objects.create(user=owner, business=salon.business, role=Role.OWNER)
    return salon


def fill_records(salon):
    """Two messages a visit, and a line of the trail for each that is over."""
    with tenant_context(salon.business), connection.cursor() as cursor:
        for statement in (SAID, NOTED):
            cursor.execute(statement)
        _settle(cursor, Message, AuditEntry)


def cookie_of(business):
    """The owner's session, as a browser sends it."""
    owner = User.objects.get(memberships__business=business, memberships__role=Role.OWNER)
    browser = HostClient.opened(business, owner)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def ask(running, message, requests):
    """The seconds each of so many answers took, one after the other. Raises RuntimeError where one is not 200."""
    answers = running.send(repeat(message, requests), connections=1)
    if wrong := [answer for answer in answers if answer.status != 200]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:300]!r}")
    return [answer.seconds for answer in answers]


def _settle(cursor, *models):
    for model in models:
        cursor.execute(f'VACUUM ANALYZE "{connection.schema_name}"."{model._meta.db_table}"')
