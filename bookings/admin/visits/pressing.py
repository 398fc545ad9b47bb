"""What every button of a booking shares: a page of its own that says what will happen, then one press."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from bookings.admin.asking import Asking
from bookings.admin.forms import PressForm
from bookings.admin.visits.shown import can_become, state_of
from bookings.models import Status
from bookings.services.moves import MOVABLE
from tenants.errors import DomainError


class Pressing(Asking):
    """For the admin class: which buttons there are, and how one is pressed."""

    actions_detail = (
        "check_in",
        "confirm",
        "reschedule",
        "undo_move",
        "why_not",
    )
    actions_row = ("check_in", "reschedule")

    def possible(self, booking):
        """Which buttons the booking's state allows, by name; services decide again."""
        movable = booking.status in MOVABLE and not booking.hold_expires_at and booking.start_at > timezone.now()
        return {
            "check_in": can_become(booking, Status.CHECKED_IN),
            "confirm": can_become(booking, Status.CONFIRMED),
            "reschedule": movable,
            "why_not": movable,
            "undo_move": movable and bool(booking.moved_from),
        }

    def get_actions_detail(self, request, object_id):
        possible = self.possible(self.booking(request, object_id))
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if possible.get(action.action_name.removeprefix(prefix), True)
        ]

    def press(self, request, object_id, name, act, *, title, button, form_class=PressForm, lines=(), **page):
        """One button: GET asks, POST acts through a service and goes back to the booking with its answer.

        POST leaves it to the service whether it is possible: a press sent twice gets its first answer again.

        `act(booking, form)` returns the sentence to show and its level; what it refuses is shown as a sentence too.
        """
        booking = self.booking(request, object_id)
        if request.method != "POST" and not self.possible(booking).get(name, True):
            return self.not_possible(request, booking)
        form = form_class(request.POST or None, business=request.tenant, booking=booking)
        if request.method == "POST" and form.is_valid():
            try:
                self.message_user(request, *act(booking, form))
            except DomainError as exc:
                self.message_user(request, str(exc), messages.ERROR)
            return self.back(booking)
        return self.ask(request, title=title, form=form, button=button, lines=lines, original=booking, **page)

    def not_possible(self, request, booking):
        self.message_user(request, f"Not possible now: this booking is {state_of(booking).lower()}.", messages.WARNING)
        return self.back(booking)

    def back(self, booking):
        return redirect("admin:bookings_booking_change", booking.pk)
