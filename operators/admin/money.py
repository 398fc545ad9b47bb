"""Plans, and what Stripe told us. Read at Stripe by others; here it is shown, and stuck events are set going."""

from django.contrib import admin
from django.utils import timezone
from unfold.decorators import action

from operators import services
from operators.admin.salons import CONNECT, PLAN
from operators.admin.site import OperatorModelAdmin, badge, by, site
from payments.webhooks.models import EventStatus, StripeEvent
from tenants.admin import moment
from tenants.models import TenantBilling

EVENT = {"processed": "success", "received": "info", "quarantined": "warning", "failed": "danger"}


@admin.register(TenantBilling, site=site)
class BillingAdmin(OperatorModelAdmin):
    list_display = ("salon", "plan", "connect", "next", "plan_read", "account_read")
    list_display_links = ("salon",)
    list_filter = ("subscription_status", "connect_status", "charges_enabled")
    search_fields = (
        "business__name",
        "business__slug",
        "stripe_account_id",
        "stripe_customer_id",
        "subscription_id",
    )
    list_select_related = ("business",)
    ordering = ("business__name", "pk")
    fields = (
        ("business", "subscription_status", "pause_reason"),
        ("trial", "next", "grace"),
        ("paused", "cancels", "ended"),
        ("stripe_customer_id", "subscription_id", "plan_read"),
        ("connect_status", "charges_enabled", "details_submitted"),
        ("stripe_account_id", "restricted_reason", "account_read"),
    )
    plan = badge("subscription_status", PLAN, "plan")
    connect = badge("connect_status", CONNECT, "Stripe account")
    trial = moment("trial_ends_at", "trial ends")
    next = moment("next_billing_at", "next invoice")
    grace = moment("grace_ends_at", "grace ends")
    paused = moment("paused_at", "paused")
    cancels = moment("cancel_at", "will end")
    ended = moment("canceled_at", "ended")
    plan_read = moment("subscription_read_at", "plan read at Stripe")
    account_read = moment("account_read_at", "account read at Stripe")

    @admin.display(description="salon", ordering="business__name")
    def salon(self, billing):
        return billing.business.name


@admin.register(StripeEvent, site=site)
class StripeEventAdmin(OperatorModelAdmin):
    """Without what is inside: an event carries what customers and salons told Stripe."""

    list_display = ("event_id", "type", "account", "state", "attempts", "came", "done")
    list_filter = ("status",)
    search_fields = ("event_id", "account", "type")
    ordering = ("-received_at", "pk")
    fields = (("event_id", "type", "account"), ("status", "attempts"), "error", ("came", "done"))
    actions_detail = ("again",)
    state = badge("status", EVENT)
    came = moment("received_at", "received")
    done = moment("processed_at", "done with")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("payload")

    def get_actions_detail(self, request, object_id):
        stuck = self.row(request, object_id).status in (EventStatus.QUARANTINED, EventStatus.FAILED)
        return super().get_actions_detail(request, object_id) if stuck else []

    @action(description="Process again", permissions=["press"], url_path="again", icon="replay")
    def again(self, request, object_id):
        event = self.row(request, object_id)

        def act(form):
            services.replay_event(event=event, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            event,
            act,
            said="Queued. A worker processes it now.",
            title=f"Process {event} again",
            button="Process again",
            lines=["Safe to repeat: handlers read the object at Stripe and write down once what they write."],
        )
