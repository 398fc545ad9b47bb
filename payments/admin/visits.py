"""Bookings with their money: Completed, Refund, Try again."""

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.shortcuts import redirect
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextInputWidget

from audit.admin import actor_of
from bookings import words
from bookings.admin import visits
from bookings.admin.fields import MoneyField
from bookings.admin.forms import PressForm
from bookings.models import Booking, Status
from messaging.models import Message
from payments import queries, services
from payments.admin import shown
from payments.models import FINAL_STATES, MoneyAction, PaymentStatus, Refund
from tenants.admin import register
from tenants.errors import DomainError
from tenants.money import Money

#: Completed for a whole list waits for Stripe once per visit.
AT_ONCE = 20
REFUNDABLE = (PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED)


class PaymentFilter(SimpleListFilter):
    title = "payment"
    parameter_name = "payment"

    def lookups(self, request, model_admin):
        return [(status.value, text) for status, (text, _) in shown.PAYMENT.items()]

    def queryset(self, request, bookings):
        return bookings.filter(payments__is_current=True, payments__status=self.value()) if self.value() else bookings


class RefundForm(PressForm):
    """How much goes back, and why."""

    reason = forms.CharField(max_length=500, required=False, widget=UnfoldAdminTextInputWidget())
    field_order = ("amount", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        payment = shown.payment_of(self.booking)
        left = payment.refundable
        # Bounded by all that was paid: how much is left, the service says under its lock.
        self.fields["amount"] = MoneyField(
            currency=left.currency, max_cents=payment.captured_cents + payment.gift_cents, initial=left.cents
        )
        self.order_fields(self.field_order)

    def clean_amount(self):
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError("Write how much goes back.")
        return self.cleaned_data["amount"]


@register(Booking)
class BookingAdmin(visits.BookingAdmin):
    list_display = (*visits.BookingAdmin.list_display, "payment_state")
    list_filter = (*visits.BookingAdmin.list_filter, PaymentFilter)
    actions = ("complete_selected",)
    actions_detail = (
        "complete",
        "retry",
        "confirm",
        "check_in",
        "reschedule",
        "undo_move",
        {"title": "More", "items": ["why_not", "refund", "cancel"]},
    )
    actions_row = ("complete", "check_in", "reschedule", "refund", "cancel")

    def get_queryset(self, request):
        return queries.with_money(super().get_queryset(request).select_related("customer", "team_member"))

    @display(description="payment", label={color: color for _, color in shown.PAYMENT.values()})
    def payment_state(self, booking):
        text, color = shown.payment_badge(booking)
        return color, text

    def page(self, request, booking):
        actions = money_actions(booking)
        return super().page(request, booking) | {
            "money": money_lines(booking),
            "payment_badge": shown.payment_badge(booking),
            "charge": shown.charge_of(booking) if self.possible(booking)["complete"] else None,
            "presses": [
                (press, press.get_kind_display(), press.amount, press.get_state_display()) for press in actions
            ],
            "refunds": [
                (refund, refund.amount) for refund in Refund.objects.filter(booking=booking).select_related("payment")
            ]
            if any(press.kind == "refund" for press in actions)
            else [],
        }

    def mails(self, request, booking):
        """What was sent about the visit and about its money."""
        about = [booking.pk, *(press.pk for press in money_actions(booking))]
        return list(Message.objects.filter(about_id__in=about).defer("text", "html", "attachments"))

    def has_card(self, booking):
        return shown.card_of(booking) is not None

    def submit(self, *, business, booking, details, by, now):
        services.submit_checkout(business=business, booking=booking, details=details, address=None, by=by, now=now)

    def possible(self, booking):
        payment = shown.payment_of(booking)
        refundable = payment and payment.status in REFUNDABLE
        return super().possible(booking) | {
            "complete": visits.can_become(booking, Status.COMPLETED),
            "refund": bool(refundable and payment.refundable.cents),
            "retry": open_action(booking) is not None,
        }

    # Completed ---------------------------------------------------------------------------------

    @action(description="Completed", permissions=["work"], icon="task_alt", variant=ActionVariant.PRIMARY)
    def complete(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            return shown.outcome(self.completed(request, booking, form.press_key), booking)

        return self.press(
            request,
            object_id,
            "complete",
            act,
            title="Completed",
            button="Completed",
            lines=[
                f"{booking.contact_name}, {booking.service_name} with {visits.people_of(booking)}, "
                f"{words.when(booking.local_start)}.",
                shown.charge_of(booking).sentence,
            ],
            warnings=visits.not_started(booking),
        )

    def completed(self, request, booking, key):
        return services.complete(
            business=request.tenant, booking=booking, key=key, by=actor_of(request), now=timezone.now()
        )

    @action(description="Try again", permissions=["work"], icon="refresh", variant=ActionVariant.PRIMARY)
    def retry(self, request, object_id):
        booking = self.booking(request, object_id)
        pressed = open_action(booking)
        if pressed is None:
            self.message_user(request, "No payment waits to be tried again.", messages.INFO)
            return self.back(booking)

        def act(booking, form):
            tried = services.retry(action=pressed)
            return (shown.refund_outcome if tried.kind == "refund" else shown.outcome)(tried, booking)

        last_error = [f"Last answer: {pressed.last_error}"] if pressed.last_error else []
        return self.press(
            request,
            object_id,
            "retry",
            act,
            title="Try again",
            button="Try again",
            lines=[
                f"{pressed.amount} is tried once more. Nobody is charged twice: it is the same payment.",
                *last_error,
            ],
        )

    @action(description="Refund", permissions=["manage"], icon="currency_exchange", variant=ActionVariant.DANGER)
    def refund(self, request, object_id):
        booking = self.booking(request, object_id)
        payment = shown.payment_of(booking)
        if payment is None:
            self.message_user(request, "Nothing was charged for this visit.", messages.WARNING)
            return self.back(booking)

        def act(booking, form):
            action = services.refund(
                business=request.tenant,
                booking=booking,
                key=form.press_key,
                by=actor_of(request),
                now=timezone.now(),
                amount_cents=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
            )
            return shown.refund_outcome(action, booking)

        left = payment.refundable
        card = shown.card_of(booking)
        return self.press(
            request,
            object_id,
            "refund",
            act,
            form_class=RefundForm,
            title="Refund",
            button="Refund",
            danger=True,
            lines=[
                f"At most {left} can go back to {shown.card_name(card) if card else 'the card'}.",
                "The platform’s fee is given back in proportion. The customer is told by e-mail.",
            ],
        )

    @action(description="Completed", permissions=["work"])
    def complete_selected(self, request, queryset):
        """Completed for every ticked visit: one page that says what each one takes, then one press each."""
        chosen = list(queryset.order_by("start_at")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            self.message_user(request, f"Choose at most {AT_ONCE} visits at once.", messages.WARNING)
            return None
        pressed = "key" in request.POST
        form = PressForm(request.POST if pressed else None, business=request.tenant)
        if pressed and form.is_valid():
            # Also those completed meanwhile: sent twice, it finds its own earlier presses by their keys.
            for booking in chosen:
                self.message_user(request, *self.completed_one(request, booking, f"{form.press_key}:{booking.pk}"))
            return redirect(request.get_full_path())
        ready = [booking for booking in chosen if visits.can_become(booking, Status.COMPLETED)]
        if not ready:
            self.message_user(request, "None of these visits can be completed.", messages.WARNING)
            return None
        skipped = [
            f"{booking.ref} is skipped: {visits.state_of(booking).lower()}."
            for booking in chosen
            if booking not in ready
        ]
        early = [booking.ref for booking in ready if booking.start_at > timezone.now()]
        return self.ask(
            request,
            title="Completed",
            form=form,
            button=f"Complete {words.count(len(ready), 'visit', 'visits')}",
            lines=[f"{booking.ref}, {booking.contact_name}: {shown.charge_of(booking).sentence}" for booking in ready],
            warnings=[*skipped, *([f"Not started yet: {', '.join(early)}."] if early else [])],
            hidden=[
                ("action", "complete_selected"),
                *((ACTION_CHECKBOX_NAME, str(booking.pk)) for booking in ready),
            ],
        )

    def completed_one(self, request, booking, key):
        try:
            text, level = shown.outcome(self.completed(request, booking, key), booking)
        except DomainError as exc:
            text, level = str(exc), "ERROR"
        return f"{booking.ref}: {text}", level


def money_actions(booking):
    """The booking's presses, newest first; read once."""
    if not hasattr(booking, "_presses"):
        booking._presses = list(MoneyAction.objects.filter(booking=booking))
    return booking._presses


def open_action(booking):
    return next((press for press in money_actions(booking) if press.state not in FINAL_STATES), None)


def money_lines(booking):
    """(label, value) lines about what is owed, paid and given back."""
    payment, card = shown.payment_of(booking), shown.card_of(booking)
    lines = [("Card", shown.card_name(card) if card else "No card on file")]
    if payment is None:
        return lines
    lines.append(("Amount", str(payment.amount)))
    if payment.captured_cents:
        lines.append(("Captured", str(Money(payment.captured_cents, payment.currency_code))))
        lines.append(("When", words.when(payment.captured_at.astimezone(booking.zone))))
    if payment.application_fee_cents:
        lines.append(("Platform fee", str(Money(payment.application_fee_cents, payment.currency_code))))
    if payment.refunded_cents:
        lines.append(("Refunded", str(Money(payment.refunded_cents, payment.currency_code))))
    return lines
