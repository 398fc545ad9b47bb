"""Every write of the salon's API leaves a line in the trail: each address pressed once, with what it leaves, literally."""

import importlib
from uuid import uuid4

import pytest
from django.urls import get_resolver
from django.utils import timezone

from audit.models import AuditEntry
from bookings.models import Service
from bookings.tests.factories import at
from config.tests.api_world import make_world
from config.tests.test_doors import methods_of, patterns
from payments.tests.conftest import account, local_stripe, stripe_server
from payments.tests.making import book, with_fees
from tenants.tests.api import NO_STATIC, Api, cheap_passwords

__all__ = ["account", "cheap_passwords", "local_stripe", "stripe_server"]
pytestmark = NO_STATIC
DECLINED = "pm_card_chargeCustomerFail"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
ID = "<uuid:pk>"
VISIT, TEAM, WORDS = "api/v1/admin/bookings", "api/v1/team", "api/v1/notification-templates"
GUESTS = "api/v1/admin/customers"
#: Never the first of January: the world has its special day and its closure on one.
SOON = f"{timezone.now().year + 2}-02-01"
WEEK = [{"day_of_week": day, "start_time": "09:00", "end_time": "18:00"} for day in range(1, 8)]
TEXT = {
    "trigger": "booking_confirmed",
    "channel": "email",
    "subject": "See you soon",
    "body": "Hello {{customer_name}}",
    "is_active": True,
}
FIVE = {"name": "Cut", "visits": 5, "price_cents": 20_000, "service_ids": ["service_id"]}
MONTHLY = {"name": "Monthly", "included_visits": 2, "price_cents": 4500, "service_ids": ["service_id"]}
TWO = {"guests": "two", "order": "after", "start_time": "another day", "customer_info": {"name": "Cleo Dee"}}
HOOK = {"url": "https://hooks.example.com/tithi", "events": ["booking.created"]}
BUSY = {"name": "Private", "team_member_id": "member_id", "url": "https://calendar.example.com/ann.ics"}

#: (method, address, where its ids are among those of the world or made before, body, what it leaves)
STEPS = [
    ("POST", "api/v1/services", {}, {"name": "Wash", "duration_min": 30, "price_cents": 2000}, "service.added"),
    ("PATCH", f"api/v1/services/{ID}", {"pk": "made"}, {"price_cents": 2500}, "service.changed"),
    (
        "PUT",
        f"api/v1/services/{ID}",
        {"pk": "made"},
        {"name": "Rinse", "duration_min": 30, "price_cents": 2500},
        "service.changed",
    ),
    ("DELETE", f"api/v1/services/{ID}", {"pk": "made"}, None, "service.deleted"),
    ("POST", "api/v1/service-categories", {}, {"name": "Nails"}, "servicecategory.added"),
    ("PATCH", f"api/v1/service-categories/{ID}", {"pk": "made"}, {"name": "Hands"}, "servicecategory.changed"),
    ("PUT", f"api/v1/service-categories/{ID}", {"pk": "made"}, {"name": "Feet"}, "servicecategory.changed"),
    ("DELETE", f"api/v1/service-categories/{ID}", {"pk": "made"}, None, "servicecategory.deleted"),
    ("POST", f"{TEAM}/members", {}, {"first_name": "Bob"}, "teammember.added"),
    ("PATCH", f"{TEAM}/members/{ID}", {"pk": "made"}, {"title": "Stylist"}, "teammember.changed"),
    ("PUT", f"{TEAM}/members/{ID}", {"pk": "made"}, {"first_name": "Rob"}, "teammember.changed"),
    ("DELETE", f"{TEAM}/members/{ID}", {"pk": "made"}, None, "teammember.deleted"),
    (
        "POST",
        f"{TEAM}/<uuid:member_id>/availability",
        {"member_id": "member_id"},
        {"availabilities": WEEK},
        "teammember.changed",
    ),
    (
        "POST",
        f"{TEAM}/<uuid:member_id>/special-days",
        {"member_id": "member_id"},
        {"date": SOON, "shifts": []},
        "specialday.added",
    ),
    (
        "DELETE",
        f"{TEAM}/<uuid:member_id>/special-days/{ID}",
        {"member_id": "member_id", "pk": "made"},
        None,
        "specialday.deleted",
    ),
    (
        "POST",
        f"{TEAM}/<uuid:member_id>/time-blocks",
        {"member_id": "member_id"},
        {"starts_at": f"{SOON}T09:00:00Z", "ends_at": f"{SOON}T10:00:00Z"},
        "timeblock.added",
    ),
    (
        "DELETE",
        f"{TEAM}/<uuid:member_id>/time-blocks/{ID}",
        {"member_id": "member_id", "pk": "made"},
        None,
        "timeblock.deleted",
    ),
    ("POST", "api/v1/closures", {}, {"start_date": SOON}, "closure.added"),
    ("DELETE", f"api/v1/closures/{ID}", {"pk": "made"}, None, "closure.deleted"),
    ("POST", GUESTS, {}, {"name": "Ada Lovelace"}, "customer.added"),
    ("POST", f"{GUESTS}/{ID}/merge", {"pk": "customer_id"}, {"other_id": "made"}, "customer.merged"),
    ("POST", GUESTS, {}, {"name": "Grace Hopper"}, "customer.added"),
    ("PATCH", f"{GUESTS}/{ID}", {"pk": "made"}, {"email": "grace@example.com"}, "customer.changed"),
    ("POST", f"{GUESTS}/{ID}/notes", {"pk": "made"}, {"text": "Likes tea."}, "customer.noted"),
    ("POST", GUESTS, {}, {"name": "Alan Turing"}, "customer.added"),
    ("POST", f"{GUESTS}/{ID}/erase", {"pk": "made"}, {}, "customer.erased"),
    ("PATCH", "api/v1/admin/settings", {}, {"booking": {"horizon_days": 90}}, "booking_rules.changed"),
    ("POST", WORDS, {}, TEXT, "notification_template.added"),
    ("PATCH", f"{WORDS}/{ID}", {"pk": "made"}, {"subject": "Soon"}, "notification_template.changed"),
    ("PUT", f"{WORDS}/{ID}", {"pk": "made"}, TEXT, "notification_template.changed"),
    ("PUT", WORDS, {}, {"templates": [TEXT | {"subject": "At last"}]}, "notification_template.changed"),
    ("DELETE", f"{WORDS}/{ID}", {"pk": "made"}, None, "notification_template.deleted"),
    ("POST", "api/v1/gift-cards", {}, {"amount_cents": 5000}, "giftcard.issued"),
    ("POST", "api/v1/packages", {}, FIVE, "package.added"),
    ("PATCH", f"api/v1/packages/{ID}", {"pk": "made"}, {"price_cents": 21_000}, "package.changed"),
    ("POST", "api/v1/membership-plans", {}, MONTHLY, "membershipplan.added"),
    ("PATCH", f"api/v1/membership-plans/{ID}", {"pk": "made"}, {"price_cents": 4700}, "membershipplan.changed"),
    ("POST", "api/v1/api-tokens", {}, {"name": "Till", "scopes": ["bookings:read"]}, "api_token.made"),
    ("DELETE", f"api/v1/api-tokens/{ID}", {"pk": "made"}, None, "api_token.revoked"),
    ("POST", "api/v1/webhooks", {}, HOOK, "webhook.added"),
    ("PATCH", f"api/v1/webhooks/{ID}", {"pk": "made"}, {"description": "Till"}, "webhook.changed"),
    ("POST", f"api/v1/webhooks/{ID}/roll", {"pk": "made"}, {}, "webhook.secret_rolled"),
    ("DELETE", f"api/v1/webhooks/{ID}", {"pk": "made"}, None, "webhook.deleted"),
    ("POST", f"api/v1/reviews/{ID}/publish", {"pk": "review_id"}, {"version": 1}, "review.published"),
    (
        "POST",
        f"api/v1/reviews/{ID}/answer",
        {"pk": "review_id"},
        {"version": 1, "text": "Thank you."},
        "review.answered",
    ),
    ("POST", f"api/v1/reviews/{ID}/hide", {"pk": "review_id"}, {"version": 1, "reason": "Rude"}, "review.hidden"),
    ("POST", "api/v1/waitlist/offer", {}, {"first_date": SOON, "last_date": SOON}, "waitlist.asked"),
    ("DELETE", f"api/v1/waitlist/{ID}", {"pk": "wish_id"}, None, "wish.removed"),
    ("POST", "api/v1/calendars/feeds", {}, {"name": "Office"}, "feed_link.made"),
    ("DELETE", f"api/v1/calendars/feeds/{ID}", {"pk": "made"}, None, "feed_link.revoked"),
    ("POST", "api/v1/calendars/busy", {}, BUSY, "busy_calendar.added"),
    ("DELETE", f"api/v1/calendars/busy/{ID}", {"pk": "made"}, None, "busy_calendar.removed"),
    ("POST", "api/v1/admin/booking-groups", {}, TWO, f"{'booking.confirmed ' * 2}booking.pending booking.pending"),
    ("POST", f"{VISIT}/{ID}/reschedule", {"pk": "first"}, {"start_time": "later"}, "booking.rescheduled"),
    ("POST", f"{VISIT}/{ID}/undo-move", {"pk": "first"}, {}, "booking.rescheduled"),
    ("POST", f"{VISIT}/{ID}/check-in", {"pk": "first"}, {}, "booking.checked_in"),
    ("POST", f"{VISIT}/{ID}/complete", {"pk": "first"}, {}, "booking.completed payment.captured"),
    ("POST", f"{VISIT}/{ID}/refund", {"pk": "first"}, {}, "payment.refunded"),
    ("POST", f"{VISIT}/{ID}/no-show", {"pk": "second"}, {}, "booking.no_show payment.captured"),
    ("POST", f"{VISIT}/{ID}/cancel", {"pk": "third"}, {}, "booking.canceled payment.captured"),
    ("POST", f"{VISIT}/{ID}/no-show", {"pk": "fifth"}, {"waive_fee": True}, "booking.no_show payment.let_go"),
    ("POST", "api/payments/stripe/payment/capture", {}, {"booking_id": "fourth"}, "booking.completed payment.captured"),
    ("POST", "api/payments/stripe/payment/refund", {}, {"booking_id": "fourth"}, "payment.refunded"),
    ("POST", f"{VISIT}/{ID}/complete", {"pk": "declined"}, {}, "booking.completed"),
    ("POST", f"{VISIT}/{ID}/retry", {"pk": "declined"}, {}, ""),
    ("POST", f"{VISIT}/{ID}/send-link", {"pk": "declined"}, {}, "payment.link_sent"),
    ("POST", f"{VISIT}/{ID}/paid-in-cash", {"pk": "declined"}, {}, "payment.paid_in_cash"),
]
#: Addresses that write nothing of the salon, or leave their line later: why.
REASONS = {
    f"POST {WORDS}/{ID}/preview": "Fills words in; nothing is stored.",
    f"POST api/v1/webhooks/{ID}/test": "Says nothing of the salon; it stands among the deliveries.",
    f"POST api/v1/webhooks/{ID}/deliveries/<uuid:delivery_id>/replay": "What was sent before; among the deliveries.",
    "POST api/v1/admin/booking-groups/availability": "Reads free times; nothing is stored.",
    "POST api/v1/gift-cards/check": "Reads a balance; nothing is stored.",
    "POST api/payments/stripe/checkout/session": "A page of Stripe's; what is chosen there, comes by its event.",
    "POST api/payments/stripe/subscription/create": "Begins a trial once: plan.trial_started, shown below.",
}
#: Addresses another test presses, since they are pressed twice, a payment has to fail first, or Stripe to change a plan: what
#: shows their line.
ELSEWHERE = {
    **{
        f"POST api/v1/changes/{change}": "bookings/tests/test_api_changes.py"
        for change in ("closure", "leaving", "opening-hours", "service-length", "weekly-plan")
    },
    f"POST api/v1/memberships/{ID}/end": "memberships/tests/test_api.py",
    f"POST api/v1/memberships/{ID}/keep": "memberships/tests/test_api.py",
    "POST api/payments/stripe/connect/setup": "payments/connect/tests/test_services.py",
    "POST api/v1/admin/subscription/activate": "payments/subscriptions/tests/test_services.py",
    "POST api/v1/admin/subscription/pause": "payments/subscriptions/tests/test_services.py",
    "POST api/v1/admin/subscription/resume": "payments/subscriptions/tests/test_services.py",
    "POST api/v1/admin/subscription/cancel": "payments/subscriptions/tests/test_services.py",
}


def writes():
    """Every writing address of the salon's API for its members."""
    return {
        f"{method} {path}"
        for path, view in patterns(get_resolver("config.urls_salon"))
        if path.startswith("api/") and path not in ("api/schema/", "api/docs/")
        for method in methods_of(view) & WRITES
    }


def test_every_writing_address_is_pressed_here_or_has_a_reason():
    pressed = {f"{method} {path}" for method, path, *_ in STEPS}

    assert pressed | REASONS.keys() | ELSEWHERE.keys() == writes()
    assert not pressed & (REASONS.keys() | ELSEWHERE.keys())
    assert not REASONS.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("module", sorted(set(ELSEWHERE.values())))
def test_what_is_said_to_be_shown_elsewhere_is(module):
    shown = importlib.import_module(module.removesuffix(".py").replace("/", "."))

    assert "AuditEntry" in vars(shown)


def test_every_write_of_the_api_leaves_its_line(salon, account, member):
    world = make_world(salon=salon, account=account, member=member)
    cut, ids = Service.objects.get(pk=world.named["service_id"]), dict(world.named)
    for number, name in enumerate(("first", "second", "third", "fourth", "fifth")):
        ids[name] = book(with_fees(salon), cut, at(salon, f"{10 + number}:00", days=20), account).pk
    ids["declined"] = book(salon, cut, at(salon, "15:00", days=20), account, card=DECLINED).pk
    api, found = Api(salon, token=world.tokens["owner"]), []

    for method, path, places, body, _ in STEPS:
        before = set(AuditEntry.objects.values_list("pk", flat=True))
        answer = pressed(api, method, path, places, body, ids, salon)
        added = AuditEntry.objects.exclude(pk__in=before).order_by("action")
        assert answer.status_code < 300 or answer.status_code == 402, (method, path, answer.text)
        made = answer.json().get("id") if method == "POST" and answer.content else None
        ids["made"] = made or ids.get("made")
        assert {entry.actor_label for entry in added} <= {"owner@rosa.example"}, (method, path)
        found.append((method, path, " ".join(entry.action for entry in added)))

    assert found == [(method, path, left) for method, path, _, _, left in STEPS]


def pressed(api, method, path, places, body, ids, salon):
    for name, which in places.items():
        path = path.replace(f"<uuid:{name}>", str(ids[which]))
    if body is not None:
        body = {name: _meant(name, value, ids, salon) for name, value in body.items()}
    key = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
    call = getattr(api, method.lower())
    return call(f"/{path}", *([] if method == "DELETE" else [body]), **key)


def _meant(name, value, ids, salon):
    if value == "another day":
        return at(salon, "10:00", days=22).isoformat()
    if value == "two":
        return [{"service_id": str(ids["service_id"]), "name": name} for name in ("", "Tom")]
    if value == "later":
        return at(salon, "15:00", days=21).isoformat()
    if name == "service_ids":
        return [str(ids[each]) for each in value]
    return str(ids[value]) if name in ("booking_id", "other_id", "team_member_id") else value
