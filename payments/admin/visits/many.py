"""Completed, No-show and Cancelled for a whole list: one page that says what each takes, then one press each."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from django.utils import timezone
from unfold.decorators import action

from bookings import words
from bookings.admin import visits
from bookings.admin.forms import PressForm
from payments import queries, services
from payments.admin import shown
from payments.admin.visits.forms import ReasonForm
from payments.models import ActionKind
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

#: Each waits for Stripe.
AT_ONCE = 20
VERB = {
    ActionKind.COMPLETE: ("Complete {}", "completed"),
    ActionKind.NO_SHOW: ("Mark {} as no-show", "marked as no-show"),
    ActionKind.CANCEL: ("Cancel {}", "cancelled"),
}


class Many:
    """For the admin class: the actions of ticked visits."""

    @action(description="Completed", permissions=["close_visits"])
    def complete_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.COMPLETE)

    @action(description="No-show", permissions=["close_visits"])
    def no_show_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.NO_SHOW)

    @action(description="Cancelled", permissions=["close_visits"])
    def cancel_selected(self, request, queryset):
        return self.close_many(request, queryset, ActionKind.CANCEL)

    def close_many(self, request, queryset, kind):
        chosen = list(queries.with_gifts(queryset).order_by("start_at")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            self.message_user(request, f"Choose at most {AT_ONCE} visits at once.", messages.WARNING)
            return None
        pressed = "key" in request.POST
        form_class = PressForm if kind == ActionKind.COMPLETE else ReasonForm
        form = form_class(request.POST if pressed else None, business=request.tenant)
        if pressed and form.is_valid():
            return self.press_many(request, chosen, kind, form)
        return self.ask_many(request, chosen, kind, form)

    def press_many(self, request, chosen, kind, form):
        """Also those closed meanwhile: sent twice, it finds its own earlier presses by their keys."""
        wish = {} if kind == ActionKind.COMPLETE else form.wish() | self.waived(request)
        for booking in chosen:
            seen = request.POST.get(f"seen-{booking.pk}")
            try:
                pressed = self.closed(request, booking, kind, key=f"{form.press_key}:{booking.pk}", seen=seen, **wish)
                text, level = shown.outcome(pressed, booking, timezone.now())
            except DomainError as exc:
                text, level = str(exc), "ERROR"
            self.message_user(request, f"{booking.ref}: {text}", level)
        return redirect(request.get_full_path())

    def ask_many(self, request, chosen, kind, form):
        now = timezone.now()
        ready = [booking for booking in chosen if may_close(kind, booking)]
        if not ready:
            self.message_user(request, f"None of these visits can be {VERB[kind][1]}.", messages.WARNING)
            return None
        plans = [(booking, shown.plan_of(kind, booking, now=now)) for booking in ready]
        skipped = [
            f"{booking.ref} is skipped: {visits.state_of(booking).lower()}."
            for booking in chosen
            if booking not in ready
        ]
        early = [booking.ref for booking in ready if booking.start_at > now and kind != ActionKind.CANCEL]
        fees = any(plan.let_go for _, plan in plans) and policies.may(request.membership, Permission.WAIVE_FEES)
        return self.ask(
            request,
            title=shown.DONE[kind],
            form=form,
            button=VERB[kind][0].format(words.count(len(ready), "visit", "visits")),
            danger=kind == ActionKind.CANCEL,
            lines=[f"{booking.ref}, {booking.contact_name}: {plan.text}" for booking, plan in plans],
            warnings=[*skipped, *([f"Not started yet: {', '.join(early)}."] if early else [])],
            hidden=[
                ("action", f"{kind}_selected"),
                *((ACTION_CHECKBOX_NAME, str(booking.pk)) for booking in ready),
                *((f"seen-{booking.pk}", plan.version) for booking, plan in plans),
            ],
            more_buttons=[("waive", "1", "Let all these fees go")] if fees else [],
        )


def may_close(kind, booking):
    """Whether a booking of the list can be closed that way; no query."""
    late = kind == ActionKind.CANCEL and queries.is_fee_due(booking)
    return late or visits.can_become(booking, services.OUTCOMES[kind])
