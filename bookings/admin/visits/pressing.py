"""What every button of a booking shares: a page of its own that says what will happen, then one press."""

from django.shortcuts import redirect
from django.utils import timezone

from audit.admin import actor_of
from bookings.admin.asking import Asking
from bookings.admin.clothes import dressed
from bookings.desk import presses, pressing
from bookings.desk.states import possible


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
    presses = presses.PRESSES

    def possible(self, booking):
        """Which buttons the booking's state allows, by name; services decide again."""
        return possible(booking)

    def get_actions_detail(self, request, object_id):
        possible = self.possible(self.booking(request, object_id))
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [
            action
            for action in super().get_actions_detail(request, object_id)
            if possible.get(action.action_name.removeprefix(prefix), True)
        ]

    def press(self, request, object_id, name, press=None):
        """One button: GET asks, POST acts through a service and goes back to the booking with its answer."""
        booking = self.booking(request, object_id)
        answer = pressing.face(
            press or self.presses[name],
            booking=booking,
            presser=self.presser(request),
            possible=lambda: self.possible(booking)[name],
            data=request.POST if request.method == "POST" else None,
            clothes=dressed,
        )
        if isinstance(answer, pressing.Said):
            self.message_user(request, answer.text, answer.level)
            return self.back(booking)
        return self.ask_question(request, answer.form, answer.question, original=booking)

    def presser(self, request):
        return pressing.Presser(request.tenant, request.membership, actor_of(request), timezone.now())

    def ask_question(self, request, form, question, *, original=None, **extra):
        """The page of a `Question`."""
        return self.ask(
            request,
            title=question.title,
            form=form,
            button=question.button,
            lines=list(question.lines),
            warnings=list(question.warnings),
            original=original,
            danger=question.danger,
            hidden=list(question.hidden),
            more_buttons=list(question.more),
            choices=[(f"{request.path}?{query}", label) for query, label in question.choices],
            **extra,
        )

    def back(self, booking):
        return redirect("admin:bookings_booking_change", booking.pk)
