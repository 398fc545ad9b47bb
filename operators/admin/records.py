"""Mails about accounts, and the operators' own log."""

from django.contrib import admin
from unfold.decorators import display

from accounts.models import AccountMessage
from audit.admin import words
from operators.admin.site import OperatorModelAdmin, badge, site
from operators.models import OperatorEntry
from tenants.admin import moment

MESSAGE = {"sent": "success", "dead": "danger", "queued": "info"}


@admin.register(AccountMessage, site=site)
class AccountMailAdmin(OperatorModelAdmin):
    """Without their words, which may hold a key. A dead one has none left: the person asks for another."""

    list_display = ("written", "kind", "recipient", "state", "attempts", "last_error", "left")
    list_display_links = ("written",)
    list_filter = ("status", "kind")
    search_fields = ("recipient", "kind")
    ordering = ("-created_at", "pk")
    fields = (("kind", "recipient"), ("status", "attempts", "last_error"), ("written", "due", "left"))
    state = badge("status", MESSAGE)
    written = moment("created_at", "written")
    due = moment("due_at", "due")
    left = moment("sent_at", "sent")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("text", "html", "subject", "attachments")


@admin.register(OperatorEntry, site=site)
class OperatorEntryAdmin(OperatorModelAdmin):
    list_display = ("when", "who", "act", "on", "reason")
    list_display_links = ("when",)
    list_filter = ("action",)
    search_fields = ("operator_label", "subject_label", "subject_id", "reason")
    fields = (
        ("when", "who", "act"),
        ("on", "subject_type", "subject_id"),
        "reason",
        "details",
        ("address", "request_id"),
    )
    when = moment("at", "when")

    @display(description="who", ordering="operator_label")
    def who(self, entry):
        return entry.operator_label

    @display(description="on", ordering="subject_label")
    def on(self, entry):
        return entry.subject_label

    @display(description="what", ordering="action")
    def act(self, entry):
        return words(entry.action)
