"""Salons, and what belongs to their coming, their names and their leaving. Only tables of `public` are read."""

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from onboarding.models import OnboardingProgress
from operators import queries, services
from operators.admin import shown
from operators.admin.site import OperatorModelAdmin, badge, by, site
from operators.forms import AccessForm
from tenants.admin import moment
from tenants.models import (
    Business,
    ClaimedSlug,
    CustomDomain,
    Departure,
    Membership,
    ReleasedSlug,
    Role,
    SchemaRollout,
    SupportAccess,
)

STATUS = {"active": "success", "ready": "info", "onboarding": "info", "paused": "warning", "canceled": "danger"}
PLAN = {"active": "success", "trial": "info", "past_due": "danger", "paused": "warning", "canceled": "danger"}
CONNECT = {"active": "success", "pending": "info", "restricted": "danger"}
PROVISIONING = {"done": "success", "queued": "info", "failed": "danger"}
ROLLOUT = {"done": "success", "pending": "info", "failed": "danger"}


@admin.register(Business, site=site)
class SalonAdmin(OperatorModelAdmin):
    list_display = ("name", "address", "owners", "state", "plan", "connect", "opened")
    list_filter = ("status", "billing__subscription_status", "billing__connect_status", "country")
    search_fields = ("name", "slug", "email", "schema_name", "memberships__user__email", "domains__domain")
    search_help_text = "A name, an address on the web, somebody’s e-mail address or a schema"
    ordering = ("-created_at", "pk")
    list_select_related = ("billing",)
    list_fullwidth = True
    actions_detail = ("let_me_in",)
    state = badge("status", STATUS)
    plan = badge("billing__subscription_status", PLAN, "plan")
    connect = badge("billing__connect_status", CONNECT, "Stripe account")
    opened = moment("created_at", "opened")

    def get_queryset(self, request):
        owners = Membership.objects.filter(business=OuterRef("pk"), role=Role.OWNER).order_by("user__email")
        return super().get_queryset(request).annotate(owner_emails=ArraySubquery(owners.values("user__email")))

    @display(description="address", ordering="slug")
    def address(self, business):
        return business.host

    @display(description="owner")
    def owners(self, business):
        return ", ".join(business.owner_emails) or "nobody"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One salon on one page."""
        business, now = self.row(request, object_id), timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": business.name,
            "opts": self.opts,
            "salon": business,
            "inside": f"{business.url}/accounts/login/?next=/admin/",
            "badges": [
                (business.get_status_display(), STATUS[business.status]),
                (business.billing.get_subscription_status_display(), PLAN[business.billing.subscription_status]),
            ],
            **shown.page_of(queries.about(business, now=now)),
            "own_access": SupportAccess.objects.open(now).filter(business=business, operator=request.user).first(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "operators/salon.html", context)

    @action(
        description="Open support access",
        permissions=["press"],
        url_path="support",
        icon="support_agent",
        variant=ActionVariant.PRIMARY,
    )
    def let_me_in(self, request, object_id):
        business, form = self.row(request, object_id), AccessForm(request.POST or None)

        def act(form):
            services.open_access(business=business, by=by(request), now=timezone.now(), **form.asked())

        return self.press(
            request,
            business,
            act,
            form=form,
            said="Support access is open. Sign in on the salon’s host with your own account.",
            title=f"Open support access to {business.name}",
            button="Open support access",
            lines=[
                "You can look at this salon’s admin until it ends. Its owners get a mail now, and see every page you open."
            ],
        )


@admin.register(SupportAccess, site=site)
class SupportAccessAdmin(OperatorModelAdmin):
    list_display = ("opened", "business", "who", "role", "until", "closed")
    list_display_links = ("opened",)
    list_filter = ("role",)
    search_fields = ("business__name", "business__slug", "operator_label", "reason")
    list_select_related = ("business",)
    fields = (("business", "who", "role"), "reason", ("opened", "until", "closed"))
    actions_detail = ("end",)
    opened = moment("opened_at", "opened")
    until = moment("ends_at", "until")
    closed = moment("closed_at", "ended early")

    @display(description="who", ordering="operator_label")
    def who(self, access):
        return access.operator_label

    @action(description="End it", permissions=["press"], url_path="end", icon="block", variant=ActionVariant.DANGER)
    def end(self, request, object_id):
        access = self.row(request, object_id)

        def act(form):
            who = by(request)
            services.end_access(access=access, by=who.user, address=who.address, now=timezone.now())

        return self.press(
            request,
            access,
            act,
            said="Ended. The next request is refused.",
            title="End the support access",
            button="End it",
            lines=[f"{access.operator_label} is out of {access.business.name} with the next request."],
        )


@admin.register(Membership, site=site)
class MembershipAdmin(OperatorModelAdmin):
    list_display = ("user", "business", "role", "since")
    list_filter = ("role",)
    search_fields = ("user__email", "user__first_name", "user__last_name", "business__name", "business__slug")
    list_select_related = ("user", "business")
    ordering = ("-created_at", "pk")
    fields = (("user", "business"), ("role", "since"))
    since = moment("created_at", "since")


@admin.register(OnboardingProgress, site=site)
class OnboardingAdmin(OperatorModelAdmin):
    list_display = ("name", "owner", "slug", "state", "current_step", "started", "live")
    list_filter = ("provisioning",)
    search_fields = ("name", "slug", "owner__email")
    list_select_related = ("owner",)
    fields = (
        ("name", "legal_name", "industry"),
        ("owner", "business", "slug"),
        ("provisioning", "provisioning_attempts", "provisioning_error"),
        ("current_step", "completed_steps", "skipped_steps"),
        ("started", "live"),
    )
    state = badge("provisioning", PROVISIONING)
    started = moment("started_at", "started")
    live = moment("live_at", "first published")


@admin.register(CustomDomain, site=site)
class CustomDomainAdmin(OperatorModelAdmin):
    list_display = ("domain", "business", "verified", "checked", "problem")
    search_fields = ("domain", "business__name", "business__slug")
    list_select_related = ("business",)
    fields = (("domain", "business"), ("asked", "checked", "verified"), "problem")
    asked = moment("created_at", "asked for")
    checked = moment("checked_at", "last looked at")
    verified = moment("verified_at", "verified")


@admin.register(ClaimedSlug, site=site)
class ClaimedSlugAdmin(OperatorModelAdmin):
    list_display = ("slug", "business_id", "claimed")
    search_fields = ("slug",)
    ordering = ("-claimed_at", "pk")
    fields = (("slug", "business_id", "claimed"),)
    claimed = moment("claimed_at", "claimed")


@admin.register(ReleasedSlug, site=site)
class ReleasedSlugAdmin(OperatorModelAdmin):
    list_display = ("slug", "released")
    search_fields = ("slug",)
    ordering = ("-released_at", "pk")
    fields = (("slug", "released"),)
    released = moment("released_at", "given up")


@admin.register(Departure, site=site)
class DepartureAdmin(OperatorModelAdmin):
    list_display = ("slug", "asked", "due", "withdrawn", "erased")
    search_fields = ("slug", "business_id")
    fields = (("slug", "business_id"), "reason", ("asked", "due", "warned"), ("withdrawn", "erased"))
    asked = moment("asked_at", "asked for")
    due = moment("erase_at", "to be erased")
    warned = moment("warned_at", "owners warned")
    withdrawn = moment("withdrawn_at", "withdrawn")
    erased = moment("erased_at", "erased")


@admin.register(SchemaRollout, site=site)
class RolloutAdmin(OperatorModelAdmin):
    """A failed one is tried again by `manage.py migrate_salons`: the web's database role changes no schema."""

    list_display = ("business", "app_label", "migration", "state", "attempts", "tried")
    list_filter = ("status", "app_label")
    search_fields = ("business__name", "business__slug", "business__schema_name", "migration")
    list_select_related = ("business",)
    ordering = ("-updated_at", "pk")
    fields = (("business", "app_label", "migration"), ("status", "attempts", "tried"), "error")
    state = badge("status", ROLLOUT)
    tried = moment("updated_at", "last tried")
