"""Bookings taken by phone or at the door."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from audit.admin import actor_of
from bookings import services, words
from bookings.admin.forms import NewBookingForm
from bookings.desk.baskets import query_of
from bookings.desk.shown import people_of
from tenants.errors import DomainError


class Taking:
    """For the admin class: the form that adds a booking."""

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "more" in request.POST:
            return self.ask_for_booking(request, self.filled(request, request.POST))
        if request.method != "POST":
            return self.ask_for_booking(request, self.filled(request, request.GET))
        form = NewBookingForm(request.POST, business=request.tenant)
        if "why" in request.POST:
            return self.explain_first(request, form)
        if not form.is_valid():
            return self.ask_for_booking(request, form)
        try:
            booking = self.take_booking(request, form)
        except DomainError as exc:
            refusal = self.refuse(request, form, exc, form.cleaned_data["basket"])
            return self.ask_for_booking(request, form, **refusal)
        done = f"Booked: {booking.contact_name}, {words.when(booking.local_start)} with {people_of(booking)}."
        self.message_user(request, done, messages.SUCCESS)
        return self.back(booking)

    def ask_for_booking(self, request, form, **refusal):
        return self.ask(
            request,
            title="Add booking",
            form=form,
            button="Book",
            why_button=True,
            lines=["No card is asked for: the visit is paid at the salon."],
            **refusal,
        )

    def filled(self, request, query):
        """The form with what the address, or a form that asks for another row, says."""
        today = timezone.localdate(timezone=request.tenant.zone)
        return NewBookingForm.filled(query, business=request.tenant, initial={"date": today})

    def explain_first(self, request, form):
        """Over to “Why not?” with the visit, without the customer: addresses are written into logs."""
        form.full_clean()
        basket, start = form.cleaned_data.get("basket"), form.cleaned_data.get("start")
        if not basket or not start:
            return self.ask_for_booking(request, form)
        query = query_of(basket=basket, start=start.astimezone(request.tenant.zone))
        return redirect(f"{reverse('admin:bookings_booking_why')}?{query}")

    def take_booking(self, request, form):
        return self.take(
            business=request.tenant,
            basket=form.cleaned_data["basket"],
            start=form.cleaned_data["start"],
            details=form.details(),
            by=actor_of(request),
            now=timezone.now(),
            key=form.press_key,
            params=form.params(),
            override=form.overridden(),
        )

    def take(self, **how):
        """Write it down; `payments` adds what is owed."""
        return services.take_visit(**how)
