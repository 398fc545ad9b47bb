"""Puts the salon's admin together: every app's models, the menu, and the page it opens with."""

from django.urls import reverse
from django.utils import timezone

from accounts import admin as accounts_admin
from accounts.api_tokens import admin as api_tokens_admin
from audit import admin as audit_admin
from audit.models import AuditEntry
from bookings import admin as bookings_admin
from bookings import words
from bookings.admin import closures, hours, integrity, resources, website
from bookings.admin import policies as policies_page
from bookings.admin import settings as booking_rules
from bookings.desk.shown import BADGES, state_of
from bookings.models import (
    Booking,
    Break,
    Closure,
    Customer,
    GroupSession,
    OpeningHours,
    Resource,
    Service,
    ServiceCategory,
    SpecialOpening,
    Status,
    TeamMember,
)
from bookings.queries import CLOSABLE
from giftcards import admin as giftcards_admin
from giftcards.models import GiftCard, Package
from memberships import admin as memberships_admin
from memberships.models import Membership
from messaging import admin as messaging_admin
from messaging.models import Message
from operators import salon_admin
from payments import admin as payments_admin
from payments import queries, shown
from payments.models import (
    CardHold,
    Dispute,
    GiftCardOrder,
    LedgerEntry,
    MoneyAction,
    Payment,
    Refund,
    SavedCard,
)
from payments.owners import billing_url
from payments.shown import payment_badge
from payments.subscriptions.notices import notices
from reviews import admin as reviews_admin
from reviews.models import Review
from tenants import policies
from tenants.admin import site
from tenants.models import Business
from tenants.permissions import Permission
from webhooks import admin as webhooks_admin
from webhooks.models import WebhookDelivery, WebhookEndpoint

#: Importing them registers the models.
MODULES = (
    accounts_admin,
    api_tokens_admin,
    audit_admin,
    bookings_admin,
    closures,
    hours,
    integrity,
    resources,
    booking_rules,
    policies_page,
    website,
    giftcards_admin,
    memberships_admin,
    messaging_admin,
    payments_admin,
    reviews_admin,
    salon_admin,
    webhooks_admin,
)
__all__ = ["site"]

#: group → (model, what it is called, icon)
MENU = {
    "Work": (
        (Booking, "Bookings", "event"),
        (GroupSession, "Classes", "groups"),
        (Customer, "Customers", "group"),
        (Review, "Reviews", "star"),
    ),
    "Catalogue": (
        (Service, "Services", "spa"),
        (ServiceCategory, "Categories", "category"),
        (Resource, "Rooms & machines", "chair"),
    ),
    "Team & hours": (
        (TeamMember, "Team", "badge"),
        (OpeningHours, "Opening hours", "schedule"),
        (SpecialOpening, "Special openings", "event_upcoming"),
        (Break, "Breaks of everybody", "coffee"),
        (Closure, "Closures", "event_busy"),
    ),
    "Money": (
        (Payment, "Payments", "payments"),
        (Refund, "Refunds", "currency_exchange"),
        (Dispute, "Disputes", "gavel"),
        (GiftCardOrder, "Gift cards sold", "redeem"),
        (CardHold, "Held on cards", "lock_clock"),
        (SavedCard, "Saved cards", "credit_card"),
        (LedgerEntry, "Ledger", "receipt_long"),
        (MoneyAction, "Button presses", "touch_app"),
        (GiftCard, "Gift cards", "redeem"),
        (Package, "Packages", "confirmation_number"),
        (Membership, "Memberships", "card_membership"),
    ),
    "Settings": ((Business, "Booking rules", "rule"), (WebhookEndpoint, "Webhooks", "webhook")),
    "Records": (
        (Message, "Messages", "mail"),
        (WebhookDelivery, "Webhook deliveries", "outbound"),
        (AuditEntry, "Audit trail", "history"),
    ),
}
#: group → (address, what it is called, icon, what it asks for)
PAGES = {
    "Work": (("admin:bookings_booking_why", "Why not?", "help", Permission.VIEW_DIARY),),
    "Team & hours": (("admin:team_access", "Team access", "key", Permission.MANAGE_ACCESS),),
    "Settings": (
        ("admin:policies", "Policies", "gavel", Permission.VIEW_DIARY),
        ("admin:website", "Your website", "language", Permission.VIEW_DIARY),
        ("admin:words", "Words of messages", "edit_note", Permission.VIEW_DIARY),
        ("admin:api_access", "API access", "vpn_key", Permission.MANAGE_INTEGRATIONS),
    ),
    "Records": (("admin:diary_check", "Diary check", "fact_check", Permission.VIEW_TRAIL),),
}


def navigation(request):
    """The sidebar: what the member may see, grouped by subject."""
    today = {"title": "Today", "icon": "today", "link": reverse("admin:index")}
    groups = [
        {"title": title, "items": [*_models(request, rows), *_pages(request, PAGES.get(title, ()))]}
        for title, rows in MENU.items()
    ]
    dashboard_link = {"title": "Dashboard", "icon": "space_dashboard", "link": reverse("dashboard:today")}
    groups = [{"items": [today, dashboard_link]}, *groups, *_for_owner(request)]
    _mark_open(request, [entry for group in groups for entry in group["items"]])
    return groups


def _for_owner(request):
    """What lies on the platform's host."""
    if not policies.may(request.membership, Permission.OWN):
        return []
    billing = {"title": "Plan & Stripe", "icon": "credit_card", "link": billing_url(request.tenant)}
    return [{"title": "Billing", "items": [billing]}]


def _mark_open(request, entries):
    """Mark the one entry the page belongs to: of several addresses that lead there the longest."""
    start = entries[0]["link"]
    leading = [entry for entry in entries if request.path.startswith(entry["link"]) and entry["link"] != start]
    here = max((entry["link"] for entry in leading), key=len, default=request.path)
    for entry in entries:
        entry["active"] = entry["link"] == here


def _models(request, rows):
    return [_entry(*row) for row in rows if _may_view(request, row[0])]


def _pages(request, rows):
    return [
        {"title": title, "icon": icon, "link": reverse(name)}
        for name, title, icon, permission in rows
        if policies.may(request.membership, permission)
    ]


def _may_view(request, model):
    return site.get_model_admin(model).has_view_permission(request)


def _entry(model, title, icon):
    link = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return {"title": title, "icon": icon, "link": link}


def dashboard(request, context):
    """Today's visits, and what waits for somebody."""
    now = timezone.now()
    today = now.astimezone(request.tenant.zone).date()
    bookings = site.get_model_admin(Booking).get_queryset(request)
    rows = bookings.filter(local_date=today).exclude(status=Status.CANCELED).order_by("start_at")[:200]
    sees_money = policies.may(request.membership, Permission.VIEW_MONEY)
    return context | {
        "today": words.long_date(today),
        "visits": [
            {
                "booking": booking,
                "time": words.clock(booking.local_start),
                "badge": (state_of(booking), BADGES[Status(booking.status)]),
                "payment": payment_badge(booking) if sees_money else None,
                "closable": booking.status in CLOSABLE and booking.start_at <= now,
            }
            for booking in rows
        ],
        "may_work": policies.may(request.membership, Permission.WORK_DIARY),
        "notices": notices(request.tenant, now) if policies.may(request.membership, Permission.OWN) else [],
        "billing_url": billing_url(request.tenant),
        "waiting": [entry for entry in _waiting(now, sees_money=sees_money) if entry[0]],
    }


def _waiting(now, *, sees_money):
    """(how many, what, where) of things that wait for somebody."""
    list_url, found = reverse("admin:bookings_booking_changelist"), queries.waiting(now=now)
    actions_url = reverse("admin:payments_moneyaction_changelist")
    disputes_url = reverse("admin:payments_dispute_changelist")
    visits = (
        (found.to_confirm, words.count(found.to_confirm, *shown.TO_CONFIRM), f"{list_url}?status=pending"),
        (found.unclosed, words.count(found.unclosed, *shown.UNCLOSED), f"{list_url}?when=unclosed"),
    )
    money = (
        (found.unfinished, words.count(found.unfinished, *shown.UNFINISHED), actions_url),
        (found.fees_due, words.count(found.fees_due, *shown.FEES_DUE), f"{list_url}?payment=fee_due"),
        (found.disputed, words.count(found.disputed, *shown.DISPUTED), f"{disputes_url}?status=open"),
    )
    return visits + money if sees_money else visits
