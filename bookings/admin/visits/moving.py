"""Reschedule: another time, another person."""

from django.contrib import messages
from django.utils import timezone
from unfold.decorators import action

from audit.admin import actor_of
from bookings import queries, services, words
from bookings.admin.forms import RescheduleForm
from tenants.errors import DomainError


class Moving:
    """For the admin class: the button that moves a visit, and the free times near one that was refused."""

    @action(description="Reschedule", permissions=["work"], icon="update")
    def reschedule(self, request, object_id):
        booking = self.booking(request, object_id)
        if not self.possible(booking)["reschedule"]:
            self.message_user(request, "Only a visit that is still to come can be moved.", messages.WARNING)
            return self.back(booking)
        wall = booking.local_start
        initial = {"date": wall.date(), "time": words.clock(wall)}
        form = RescheduleForm(request.POST or None, business=request.tenant, booking=booking, initial=initial)
        offers = []
        if request.method == "POST" and form.is_valid():
            member = form.cleaned_data["team_member"]
            service = booking.items.select_related("service").get(position=0).service
            try:
                moved = services.reschedule_booking(
                    business=request.tenant,
                    booking=booking,
                    start=form.cleaned_data["start"],
                    by=actor_of(request),
                    now=timezone.now(),
                    team_member=member,
                    override=form.overridden(),
                )
            except DomainError as exc:
                form.add_error(None, str(exc))
                offers = self.offers(request, service, form)
            else:
                done = f"Moved to {words.when(moved.local_start)} with {moved.team_member}."
                self.message_user(request, done, messages.SUCCESS)
                return self.back(booking)
        return self.ask(
            request,
            title="Reschedule",
            form=form,
            button="Move the visit",
            booking=booking,
            offers=offers,
            lines=[
                f"{booking.contact_name}, {booking.service_name} with {booking.team_member}, now on {words.when(wall)}.",
                "The agreed price stays. The customer is told by e-mail.",
            ],
        )

    def offers(self, request, service, form):
        """Free times near the one that was refused, as (epoch seconds, words)."""
        member = form.cleaned_data["team_member"]
        slots = queries.alternatives(
            business=request.tenant,
            service=service,
            start=form.cleaned_data["start"],
            now=timezone.now(),
            member_id=member.pk if member else None,
        )
        zone = request.tenant.zone
        return [(slot.start, words.when(slot.start_at.astimezone(zone))) for slot in slots]
