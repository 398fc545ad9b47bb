"""The salon's policies: one page, read by everybody of the salon, saved by owners and admins."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldBooleanSwitchWidget,
)

from audit.admin import actor_of
from bookings import queries
from bookings.admin.fields import MoneyField
from bookings.services.policies import POLICIES, PoliciesContradict, change_policies
from bookings.settings_rules import PRESETS, preset
from tenants import policies
from tenants.admin import site
from tenants.models import DepositFor, FeeType
from tenants.permissions import Permission

MAX_CENTS = 100_000_000
FOR_WHOM = (
    (DepositFor.EVERYONE, "Everybody"),
    *(pair for pair in DepositFor.choices if pair[0] != DepositFor.EVERYONE),
)
#: (title, what it is about, rows of fields that stand side by side)
SECTIONS = (
    (
        "Cancelling",
        "Free until so many hours before the visit; after that the fee is due. Moving a visit is free, and does not make "
        "cancelling free again.",
        (
            ("cancellation_window_hours",),
            ("cancellation_fee_type", "cancellation_fee_cents", "cancellation_fee_percent"),
            ("cancellation_text",),
        ),
    ),
    (
        "Not coming",
        "",
        (("no_show_fee_type", "no_show_fee_cents", "no_show_fee_percent"), ("no_show_text",)),
    ),
    ("Coming late", "", (("late_arrival_min",), ("late_arrival_text",))),
    ("Refunds", "", (("refund_text",),)),
    (
        "Deposit",
        "The part of the price a customer promises when booking. It is not charged then: the card secures it, and it is the "
        "least that cancelling late or not coming costs. A service may have its own.",
        (("deposit_type", "deposit_cents", "deposit_percent"), ("deposit_for",)),
    ),
    ("Cards", "", (("require_card", "hold_near_visits"),)),
    ("Gift cards", "", (("sell_gift_cards", "gift_cards_pay_fees"), ("gift_card_months",))),
)


def _kind(label, nothing):
    choices = ((FeeType.NONE, nothing), (FeeType.FIXED, "A fixed amount"), (FeeType.PERCENT, "A percentage"))
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget())


def _number(label, highest, help_text="", **more):
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        validators=[MinValueValidator(0), MaxValueValidator(highest)],
        widget=UnfoldAdminIntegerFieldWidget(attrs={"min": 0, "max": highest}),
        **more,
    )


def _share():
    return forms.IntegerField(
        label="Percent of the price",
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(100, "A share of the price is at most 100 percent.")],
        widget=UnfoldAdminIntegerFieldWidget(attrs={"min": 0, "max": 100}),
    )


def _text(label):
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        help_text="In your own words; customers can read it before they book.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def _switch(label, help_text):
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=UnfoldBooleanSwitchWidget())


class PoliciesForm(forms.Form):
    """The policies as a salon says them; empty amounts are nothing."""

    cancellation_window_hours = _number("Free until (hours before the start)", 720, "0 is until the visit starts.")
    cancellation_fee_type = _kind("Fee for cancelling late", "No fee")
    cancellation_fee_percent = _share()
    cancellation_text = _text("What you say about it")
    no_show_fee_type = _kind("Fee for not coming", "No fee")
    no_show_fee_percent = _share()
    no_show_text = _text("What you say about it")
    late_arrival_min = _number(
        "Counts as missed after (minutes)", 240, "A guest who is later than this may count as not come; 0 says nothing."
    )
    late_arrival_text = _text("What you say about it")
    refund_text = _text("What you say about it")
    deposit_type = _kind("Deposit", "No deposit")
    deposit_percent = _share()
    deposit_for = forms.ChoiceField(
        label="Asked of",
        choices=FOR_WHOM,
        help_text="Customers are told apart by e-mail address and mobile number together. Everybody who books is asked for "
        "a card.",
        widget=UnfoldAdminSelectWidget(),
    )
    require_card = _switch("Ask every customer for a card", "Off: only where a deposit may apply.")
    hold_near_visits = _switch(
        "Hold the price when the visit is near", "From four days before the visit the price may be held on the card."
    )
    sell_gift_cards = _switch("Sell gift cards online", "Customers buy them on the booking site.")
    gift_cards_pay_fees = _switch("Gift cards pay fees too", "Off: they pay for services only.")
    gift_card_months = _number("Valid for (months)", 120, "0 is without end.")

    def __init__(self, data=None, *, business, editable, start=None):
        initial = {name: getattr(business, name) for name in POLICIES} | (start.columns if start else {})
        super().__init__(data, initial=initial)
        for name in ("cancellation_fee", "no_show_fee", "deposit"):
            self.fields[f"{name}_cents"] = MoneyField(
                currency=business.currency_code, max_cents=MAX_CENTS, label="Amount", required=False
            )
        self.fields["deposit_cents"].help_text = "For each guest and service."
        for field in self.fields.values():
            field.disabled = not editable

    def sections(self):
        return [(title, about, [[self[name] for name in row] for row in rows]) for title, about, rows in SECTIONS]

    def policies(self):
        return {name: 0 if value is None else value for name, value in self.cleaned_data.items()}


@require_http_methods(["GET", "HEAD", "POST"])
def policies_page(request):
    business, editable = request.tenant, policies.may(request.membership, Permission.ARRANGE)
    if request.method == "POST" and not editable:
        raise PermissionDenied
    start = preset(request.GET.get("start")) if editable and request.method != "POST" else None
    shown, now = start.columns if start else {}, timezone.now()
    form = PoliciesForm(request.POST or None, business=business, editable=editable, start=start)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        return redirect("admin:policies")
    context = {
        **site.each_context(request),
        "title": "Policies",
        "form": form,
        "editable": editable,
        "media": form.media,
        "presets": PRESETS,
        "start": start,
        "warnings": queries.warnings_about_policies(business=queries.as_if(business=business, columns=shown)),
        "example": queries.policies_examples(business=business, variants=[shown], now=now)[0],
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/policies.html", context)


def _save(request, form):
    """Whether it was saved; what the service refuses is shown at its fields."""
    try:
        changed = change_policies(
            business=request.tenant, changes=form.policies(), by=actor_of(request), now=timezone.now()
        )
    except PoliciesContradict as exc:
        for field, sentence in exc.sentences.items():
            form.add_error(field, sentence)
        return False
    text = "Saved. It holds for visits booked from now on; what was agreed to before stays." if changed else ""
    messages.success(request, text or "Nothing was changed.")
    return True


def _urls():
    return [path("policies/", site.admin_view(policies_page), name="policies"), *_others()]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
