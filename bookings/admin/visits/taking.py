"""Bookings taken by phone or at the door."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from audit.admin import actor_of
from bookings import services, words
from bookings.admin.forms import NewBookingForm
from bookings.models import Source
from bookings.services.requests import find_by_key, remember_key
from tenants.errors import DomainError


class Taking:
    """For the admin class: the form that adds a booking."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now().astimezone(request.tenant.zone)
        form = NewBookingForm(request.POST or None, business=request.tenant, initial={"date": now.date()})
        offers = []
        if request.method == "POST" and form.is_valid():
            try:
                booking = self.take_booking(request, form)
            except DomainError as exc:
                form.add_error(None, str(exc))
                offers = self.offers(request, form.cleaned_data["service"], form)
            else:
                done = f"Booked: {booking.contact_name}, {words.when(booking.local_start)} with {booking.team_member}."
                self.message_user(request, done, messages.SUCCESS)
                return self.back(booking)
        return self.ask(
            request,
            title="Add booking",
            form=form,
            button="Book",
            offers=offers,
            lines=["No card is asked for: the visit is paid at the salon."],
        )

    def take_booking(self, request, form):
        """Hold, details, confirmation: the same steps a customer takes. A repeated press finds the first one's booking."""
        business, now, key, params = request.tenant, timezone.now(), form.press_key, form.params()
        if earlier := find_by_key(key=key, params=params):
            return earlier
        try:
            booking = services.hold_slot(
                business=business,
                service=form.cleaned_data["service"],
                start=form.cleaned_data["start"],
                now=now,
                team_member=form.cleaned_data["team_member"],
                source=Source.STAFF,
                override=form.overridden(),
            )
        except services.SlotTaken:
            if earlier := find_by_key(key=key, params=params):  # the twin of a double click
                return earlier
            raise
        try:
            remember_key(booking=booking, key=key, params=params)
            self.submit(business=business, booking=booking, details=form.details(), by=actor_of(request), now=now)
            return services.confirm_booking(business=business, booking=booking, by=actor_of(request), now=now)
        except DomainError:
            services.release_hold(booking=booking)
            raise

    def submit(self, *, business, booking, details, by, now):
        """Who comes; `payments` adds what is owed."""
        services.submit_details(business=business, booking=booking, details=details, address=None, by=by, now=now)
