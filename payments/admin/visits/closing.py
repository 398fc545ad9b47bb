"""Completed, No-show, Cancelled, and Correct: the visit is over, and its money follows."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action
from unfold.enums import ActionVariant

from audit.admin import actor_of
from bookings import words
from bookings.admin import visits
from bookings.admin.forms import PressForm
from bookings.models import Status
from payments import services
from payments.admin import shown
from payments.admin.visits.forms import CompletedForm, ReasonForm
from payments.admin.visits.states import corrections_of
from payments.models import ActionKind
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

VERBS = {
    ActionKind.COMPLETE: services.complete,
    ActionKind.NO_SHOW: services.no_show,
    ActionKind.CANCEL: services.cancel,
}
CHANGED = "This is another amount than the page showed before. Look at it and press once more; nothing was charged."


class Closing:
    """For the admin class: the buttons that close a visit."""

    @action(description="Completed", permissions=["close_visits"], icon="task_alt", variant=ActionVariant.PRIMARY)
    def complete(self, request, object_id):
        return self.close(request, object_id, ActionKind.COMPLETE)

    @action(description="No-show", permissions=["close_visits"], url_path="no-show", icon="person_off")
    def no_show(self, request, object_id):
        return self.close(request, object_id, ActionKind.NO_SHOW)

    @action(description="Cancelled", permissions=["close_visits"], icon="event_busy", variant=ActionVariant.DANGER)
    def cancel(self, request, object_id):
        return self.close(request, object_id, ActionKind.CANCEL)

    @action(description="Correct", permissions=["refund"], icon="edit_note")
    def correct(self, request, object_id):
        """The wrong button was pressed, and its money has gone back: what was it really?"""
        booking = self.booking(request, object_id)
        to = request.GET.get("to")
        if to in VERBS:
            return self.close(request, object_id, ActionKind(to), correcting=True)
        kinds = corrections_of(booking)
        if not kinds:
            return self.not_possible(request, booking)
        here = reverse("admin:bookings_booking_correct", args=[booking.pk])
        return self.ask(
            request,
            title="Correct",
            form=PressForm(business=request.tenant),
            button="",
            original=booking,
            lines=[
                f"{booking.contact_name}’s visit on {words.when(booking.local_start)} is marked "
                f"{visits.state_of(booking).lower()}, and no money is left taken for it. What was it really?"
            ],
            choices=[(f"{here}?to={kind}", shown.DONE[kind]) for kind in kinds],
        )

    def close(self, request, object_id, kind, *, correcting=False):
        """One button that takes money: GET says what, POST takes exactly that.

        Where something else is due by now, or was typed, nothing is taken: the page is shown again with the new amount
        and the same key.
        """
        booking, name = self.booking(request, object_id), "correct" if correcting else kind
        if request.method != "POST" and not self.possible(booking)[name]:
            return self.not_possible(request, booking)
        form_class = CompletedForm if kind == ActionKind.COMPLETE else ReasonForm
        form = form_class(request.POST or None, business=request.tenant, booking=booking, correcting=correcting)
        changed = False
        if request.method == "POST" and form.is_valid():
            wish = form.wish() | {"correcting": correcting} | self.waived(request)
            try:
                self.pressed(request, booking, kind, key=form.press_key, seen=request.POST.get("seen"), **wish)
            except services.AmountChanged:
                changed = True
            except (services.ReasonMissing, services.AmountRefused) as exc:
                form.add_error("reason" if isinstance(exc, services.ReasonMissing) else "price", str(exc))
            else:
                return self.back(booking)
        if changed and not self.possible(booking)[name]:
            return self.not_possible(request, booking)
        return self.ask_to_close(request, booking, kind, form, correcting=correcting, changed=changed)

    def waived(self, request):
        """Let the fee go: for who may, where that button was pressed."""
        if "waive" not in request.POST:
            return {}
        if not policies.may(request.membership, Permission.WAIVE_FEES):
            raise PermissionDenied
        return {"waive_fee": True}

    def pressed(self, request, booking, kind, **how):
        """Press, and say what came of it. Raises AmountChanged, ReasonMissing, AmountRefused; other refusals are said."""
        try:
            action = self.closed(request, booking, kind, **how)
        except (services.AmountChanged, services.ReasonMissing, services.AmountRefused):
            raise
        except DomainError as exc:
            self.message_user(request, str(exc), messages.ERROR)
        else:
            self.message_user(request, *shown.outcome(action, booking, timezone.now()))

    def closed(self, request, booking, kind, *, seen, **how):
        """The press itself. What takes money must have been seen."""
        seen = "" if how.get("waive_fee") else seen or "nothing"
        return VERBS[kind](
            business=request.tenant, booking=booking, by=actor_of(request), now=timezone.now(), seen=seen, **how
        )

    def ask_to_close(self, request, booking, kind, form, *, correcting, changed):
        now = timezone.now()
        plan = planned(kind, booking, form, correcting=correcting, now=now)
        may_waive = plan.let_go and policies.may(request.membership, Permission.WAIVE_FEES)
        early = visits.not_started(booking) if kind != ActionKind.CANCEL else []
        return self.ask(
            request,
            title=f"Correct to {shown.DONE[kind].lower()}" if correcting else shown.DONE[kind],
            form=form,
            button=plan.button,
            danger=kind == ActionKind.CANCEL,
            original=booking,
            lines=[
                line for line in (*about(kind, booking, now), shown.held_sentence(booking), *plan.sentences) if line
            ],
            warnings=[*([CHANGED] if changed else []), *early],
            hidden=[("seen", plan.version)],
            more_buttons=[("waive", "1", plan.let_go)] if may_waive else [],
        )


def planned(kind, booking, form, *, correcting, now):
    """The plan of what was typed, where that can be meant; else of the plain press."""
    wishes = [{}]
    if form.is_bound and form.is_valid():
        wishes.insert(0, form.wish())
    for wish in wishes:
        try:
            return shown.plan_of(kind, booking, now=now, wish=services.Wish(**wish, correcting=correcting))
        except DomainError:
            continue
    raise RuntimeError("The agreed price can always be charged.")


def about(kind, booking, now):
    """Whose visit, and what pressing does to it."""
    when = words.when(booking.local_start)
    if kind != ActionKind.CANCEL:
        return [f"{booking.contact_name}, {booking.service_name} with {visits.people_of(booking)}, {when}."]
    if booking.status == Status.CANCELED:
        called_off = words.when(booking.canceled_at.astimezone(booking.zone))
        return [f"{booking.contact_name}’s visit on {when} was called off on {called_off}."]
    return [
        f"{booking.contact_name}’s visit on {when} is called off; the time is free at once.",
        visits.told_sentence(booking),
        shown.free_sentence(booking, now),
    ]
