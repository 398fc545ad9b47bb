"""Check in, Confirm. Cancelling takes money: `payments` has that button."""

from django.contrib import messages
from django.utils import timezone
from unfold.decorators import action
from unfold.enums import ActionVariant

from audit.admin import actor_of
from bookings import services, words
from bookings.admin.visits.shown import not_started, people_of


class Changing:
    """For the admin class: the buttons that change where a visit stands."""

    @action(description="Check in", permissions=["work_diary"], url_path="check-in", icon="how_to_reg")
    def check_in(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            services.check_in(booking=booking, by=actor_of(request), now=timezone.now())
            return f"{booking.contact_name} is checked in.", messages.SUCCESS

        return self.press(
            request,
            object_id,
            "check_in",
            act,
            title="Check in",
            button="Check in",
            lines=[f"{booking.contact_name} has arrived for {booking.service_name} with {people_of(booking)}."],
            warnings=not_started(booking),
        )

    @action(description="Confirm", permissions=["work_diary"], icon="check", variant=ActionVariant.PRIMARY)
    def confirm(self, request, object_id):
        booking = self.booking(request, object_id)

        def act(booking, form):
            services.confirm_booking(
                business=request.tenant,
                booking=booking,
                by=actor_of(request),
                now=timezone.now(),
                card_on_file=self.has_card(booking),
            )
            return "Confirmed.", messages.SUCCESS

        return self.press(
            request,
            object_id,
            "confirm",
            act,
            title="Confirm",
            button="Confirm",
            lines=[f"{booking.contact_name} is promised {words.when(booking.local_start)} and gets a confirmation."],
        )

    def has_card(self, booking):
        """Whether a card was saved; `payments` knows."""
        return False
