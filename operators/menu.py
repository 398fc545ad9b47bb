"""The operators' sidebar and the page they come in by."""

from django.urls import reverse
from django.utils import timezone

from operators import health

#: group → (model, what it is called, icon, query)
MENU = {
    "Salons": (
        ("tenants_business", "Salons", "storefront", ""),
        ("tenants_supportaccess", "Support accesses", "support_agent", ""),
        ("onboarding_onboardingprogress", "Openings", "rocket_launch", ""),
        ("tenants_departure", "Departures", "logout", ""),
    ),
    "People": (
        ("tenants_user", "People", "group", ""),
        ("tenants_membership", "Memberships", "badge", ""),
        ("tenants_user", "Operators", "shield_person", "?is_operator__exact=1"),
    ),
    "Money": (
        ("tenants_tenantbilling", "Plans & Stripe", "credit_card", ""),
        ("stripe_inbox_stripeevent", "Stripe’s events", "webhook", ""),
    ),
    "Names": (
        ("tenants_customdomain", "Domains of their own", "language", ""),
        ("tenants_claimedslug", "Names promised", "bookmark", ""),
        ("tenants_releasedslug", "Names given up", "history_toggle_off", ""),
    ),
    "Background": (
        ("operators_failedtask", "Failed tasks", "error", "?state__exact=open"),
        ("dispatch_dispatch", "Messages given up", "unsubscribe", ""),
    ),
    "Records": (
        ("tenants_schemarollout", "Rollouts", "database", ""),
        ("accounts_accountmessage", "Mail about accounts", "mail", ""),
        ("operators_operatorentry", "Operators’ log", "history", ""),
    ),
}
STATES = {health.OK: ("OK", "success"), health.WARN: ("Look", "warning"), health.BAD: ("Act", "danger")}


def navigation(request):
    start = {"title": "Health", "icon": "monitor_heart", "link": reverse("operators:index")}
    work = {"title": "Background work", "icon": "manufacturing", "link": reverse("operators:background")}
    groups = [{"items": [start, work]}]
    for title, rows in MENU.items():
        items = [
            {"title": name, "icon": icon, "link": reverse(f"operators:{model}_changelist") + query}
            for model, name, icon, query in rows
        ]
        groups.append({"title": title, "items": items})
    for item in (item for group in groups for item in group["items"]):
        item["active"] = _is_here(request, item["link"], start["link"])
    return groups


def _is_here(request, link, start):
    path, _, query = link.partition("?")
    if path == start:
        return request.path == start
    if not query.startswith("is_operator"):
        query = ""
    return request.path.startswith(path) and (request.GET.get("is_operator__exact") == "1") == bool(query)


def dashboard(request, context):
    lines = [(line, *STATES[line.state]) for line in health.lines(now=timezone.now())]
    worst = next((state for state in (health.BAD, health.WARN) if any(row[0].state == state for row in lines)), "ok")
    return context | {"lines": lines, "worst": worst}
