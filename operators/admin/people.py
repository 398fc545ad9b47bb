"""People with a login: who they are, how they sign in, and whether they may."""

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from accounts.models import SignIn
from operators import services
from operators.admin.site import OperatorModelAdmin, by, site
from tenants.admin import moment
from tenants.models import User


class SecondStepFilter(admin.SimpleListFilter):
    title = "two-step sign-in"
    parameter_name = "second"

    def lookups(self, request, model_admin):
        return [("yes", "On"), ("no", "Off")]

    def queryset(self, request, users):
        return users.filter(second_step=self.value() == "yes") if self.value() else users


@admin.register(User, site=site)
class UserAdmin(OperatorModelAdmin):
    list_display = ("email", "name", "active", "second", "operator", "joined", "seen")
    list_filter = ("is_active", "is_operator", SecondStepFilter)
    search_fields = ("email", "first_name", "last_name", "phone")
    ordering = ("-date_joined", "pk")
    fields = (
        ("email", "first_name", "last_name"),
        ("phone", "state", "operator"),
        ("steps", "pages", "programs"),
        ("joined", "seen"),
        "salons",
    )
    actions_detail = ("deactivate", "reactivate")
    joined = moment("date_joined", "joined")
    seen = moment("last_login", "last sign-in")

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes")
        return super().get_queryset(request).annotate(second_step=Exists(factors))

    @display(description="name", ordering="first_name")
    def name(self, user):
        return user.get_full_name() or "–"

    @display(description="active", ordering="is_active", label={"yes": "success", "no": "danger"})
    def active(self, user):
        return ("yes", "Active") if user.is_active else ("no", "Deactivated")

    @display(description="two-step sign-in", ordering="second_step", label={"yes": "success", "no": "default"})
    def second(self, user):
        return ("yes", "On") if user.second_step else ("no", "Off")

    @display(description="state")
    def state(self, user):
        return self.active(user)[1]

    @display(description="two-step sign-in")
    def steps(self, user):
        return self.second(user)[1]

    @display(description="operator", ordering="is_operator")
    def operator(self, user):
        return "Operator" if user.is_operator else "–"

    @display(description="browsers signed in")
    def pages(self, user):
        return SignIn.objects.filter(user=user).count()

    @display(description="programs signed in")
    def programs(self, user):
        live = OutstandingToken.objects.filter(user=user, blacklistedtoken=None, expires_at__gt=timezone.now())
        return live.count()

    @display(description="salons")
    def salons(self, user):
        rows = user.memberships.select_related("business").order_by("business__name")
        return ", ".join(f"{row.business.name} ({row.get_role_display().lower()})" for row in rows) or "none"

    def get_actions_detail(self, request, object_id):
        user = self.row(request, object_id)
        left_out = "reactivate" if user.is_active else "deactivate"
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if not button.action_name.endswith(f"_{left_out}")
        ]

    @action(
        description="Deactivate",
        permissions=["press"],
        url_path="deactivate",
        icon="person_off",
        variant=ActionVariant.DANGER,
    )
    def deactivate(self, request, object_id):
        user = self.row(request, object_id)

        def act(form):
            services.deactivate(user=user, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            user,
            act,
            said=f"{user.email} is signed out everywhere and cannot sign in.",
            title=f"Deactivate {user.email}",
            button="Deactivate",
            danger=True,
            lines=["Signed out on every host at once, with sessions, tokens and password. Memberships stay."],
        )

    @action(description="Let in again", permissions=["press"], url_path="reactivate", icon="person_check")
    def reactivate(self, request, object_id):
        user = self.row(request, object_id)

        def act(form):
            services.reactivate(user=user, by=by(request), reason=form.cleaned_data["reason"], now=timezone.now())

        return self.press(
            request,
            user,
            act,
            said=f"{user.email} may sign in again.",
            title=f"Let {user.email} in again",
            button="Let in again",
            lines=["The old password stays void: a new one comes by “Forgot your password?”, or a code by e-mail."],
        )
