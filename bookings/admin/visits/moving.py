"""Reschedule: another time, another person, and back again."""

from dataclasses import replace

from django.contrib import messages
from django.template.loader import render_to_string
from django.utils import timezone
from unfold.decorators import action

from audit.admin import actor_of
from bookings import queries, services, words
from bookings.admin.forms import MoveForm, PressForm
from bookings.desk.shown import moved_sentence, people_of, told_sentence
from tenants.errors import DomainError


class Moving:
    """For the admin class: the button that moves a visit, and the one that takes it back."""

    @action(description="Reschedule", permissions=["work_diary"], icon="update")
    def reschedule(self, request, object_id):
        booking = self.booking(request, object_id)
        if not self.possible(booking)["reschedule"]:
            self.message_user(request, "Only a visit that is still to come can be moved.", messages.WARNING)
            return self.back(booking)
        items = list(booking.items.select_related("service", "team_member"))
        form = self.move_form(request, booking, items)
        refusal = {}
        if request.method == "POST" and form.is_valid():
            try:
                moved = services.reschedule_booking(
                    business=request.tenant,
                    booking=booking,
                    start=form.cleaned_data["start"],
                    by=actor_of(request),
                    now=timezone.now(),
                    people=form.people(),
                    override=form.overridden(),
                )
            except DomainError as exc:
                refusal = self.refuse(request, form, exc, asked_of(booking, form), without=booking)
            else:
                self.say_moved(request, moved, items)
                return self.back(booking)
        return self.ask(
            request,
            title="Reschedule",
            form=form,
            button="Move the visit",
            original=booking,
            lines=[
                f"{booking.contact_name}, {booking.service_name} with {people_of(booking)}, "
                f"now on {words.when(booking.local_start)}.",
                f"The agreed price stays. {told_sentence(booking)}",
            ],
            **refusal,
        )

    def move_form(self, request, booking, items):
        """The form as it was sent; opened, it shows the present time or the one the address names."""
        wall = booking.local_start
        named = {name: value for name, value in request.GET.items() if name != "key"}
        initial = {"date": wall.date(), "time": words.clock(wall)} | named
        return MoveForm(
            request.POST or None,
            business=request.tenant,
            booking=booking,
            initial=initial,
            parts=[(item, queries.team_for(item.service)) for item in items],
        )

    def say_moved(self, request, moved, before):
        """What has changed, and the way back beside it: one press, as long as the sentence is shown."""
        after = list(moved.items.select_related("team_member"))
        moved_text = moved_sentence(moved, before, after)
        context = {"sentence": moved_text, "booking": moved, "form": PressForm(business=request.tenant)}
        text = render_to_string("admin/salon/_moved.html", context, request) if moved.moved_from else moved_text
        self.message_user(request, text, messages.SUCCESS)

    @action(description="Undo move", permissions=["work_diary"], url_path="undo-move", icon="undo")
    def undo_move(self, request, object_id):
        return self.press(request, object_id, "undo_move")


def asked_of(booking, form):
    """What the form asks for, as a basket: the named people for their parts, whoever is there for the rest."""
    basket, people = queries.basket_of(booking), form.people()
    return replace(
        basket,
        wanted=tuple(replace(each, team_member=people.get(position)) for position, each in enumerate(basket.wanted)),
    )
