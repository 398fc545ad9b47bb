"""Check in, Confirm, Undo the move. Cancelling takes money: `payments.desk` has that button."""

from bookings import services, words
from bookings.desk.pressing import Press, Question, Said
from bookings.desk.shown import came_from, names_of, not_started, people_of, told_sentence


class CheckIn(Press):
    name = "check_in"

    def question(self, booking, form, presser):
        return Question(
            title="Check in",
            button="Check in",
            lines=(f"{booking.contact_name} has arrived for {booking.service_name} with {people_of(booking)}.",),
            warnings=tuple(not_started(booking)),
        )

    def act(self, booking, form, presser, sent):
        services.check_in(booking=booking, by=presser.by, now=presser.now)
        return Said(f"{booking.contact_name} is checked in.")


class Confirm(Press):
    name = "confirm"

    def question(self, booking, form, presser):
        return Question(
            title="Confirm",
            button="Confirm",
            lines=(f"{booking.contact_name} is promised {words.when(booking.local_start)} and gets a confirmation.",),
        )

    def act(self, booking, form, presser, sent):
        services.confirm_booking(
            business=presser.business,
            booking=booking,
            by=presser.by,
            now=presser.now,
            card_on_file=self.has_card(booking),
        )
        return Said("Confirmed.")

    def has_card(self, booking):
        """Whether a card was saved; `payments` knows."""
        return False


class UndoMove(Press):
    name = "undo_move"

    def question(self, booking, form, presser):
        silent = "minutes" in (booking.moved_from or {})
        told = "It takes as long as before; nobody is written to." if silent else told_sentence(booking)
        return Question(
            title="Undo the move",
            button="Move it back",
            lines=(
                f"{booking.contact_name}, {booking.service_name}, now on {words.when(booking.local_start)} "
                f"with {people_of(booking)}.",
                f"It goes back to {came_from(booking)}. {told}",
            ),
            hidden=(("seen", booking.sequence),),
        )

    def act(self, booking, form, presser, sent):
        back = services.undo_move(
            business=presser.business,
            booking=booking,
            by=presser.by,
            now=presser.now,
            seen=sent.get("seen", ""),
        )
        there = names_of(back.items.select_related("team_member"))
        return Said(f"Moved back to {words.when(back.local_start)} with {there}.")


PRESSES = {press.name: press for press in (CheckIn(), Confirm(), UndoMove())}
