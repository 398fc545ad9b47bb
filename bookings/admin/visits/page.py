"""The page of one booking: everything staff read about it. It is never edited as a form."""

from django.http import Http404

from audit.admin import change_of
from audit.admin import words as act_words
from audit.models import AuditEntry
from bookings import words
from bookings.admin.visits.shown import BADGES, agreed, agreed_words, people_of, state_of
from messaging.models import Message
from tenants.money import Money

#: The rules staff may set aside, by the names bookings keep.
SET_ASIDE = {"notice": "the notice", "horizon": "the furthest date"}


class Page:
    """For the admin class: the booking of the request, and what its page shows."""

    fields = ()
    change_form_template = "admin/salon/booking.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """The page of one booking; `add_view` has its own form."""
        booking = self.booking(request, object_id)
        return super().changeform_view(
            request, object_id, form_url, {**self.page(request, booking), **(extra_context or {})}
        )

    def page(self, request, booking):
        """What the booking's page shows, ready to print."""
        return {
            "title": booking.ref,
            "may_work": self.has_work_diary_permission(request),
            "booking": booking,
            "badge": (state_of(booking), BADGES.get(booking.status, "")),
            "visit": self.visit(booking),
            "parts": self.parts(booking),
            "agreed": agreed(booking),
            "agreed_words": agreed_words(booking),
            "mails": self.mails(request, booking),
            "trail": [
                (entry, act_words(entry.action), change_of(entry))
                for entry in AuditEntry.objects.filter(subject_type="bookings.booking", subject_id=str(booking.pk))
            ],
        }

    def visit(self, booking):
        """(label, value) lines about the visit."""
        zone = words.zone(booking.zone)
        lines = [
            (
                "When",
                f"{words.long_date(booking.local_date)}, {words.clock(booking.local_start)}–{words.clock(booking.local_end)}",
            ),
            ("Time zone", zone),
            ("Service", booking.service_name),
            ("With", people_of(booking)),
            ("Price", str(booking.price)),
            ("Taken", f"{booking.get_source_display()}, {words.when(booking.created_at.astimezone(booking.zone))}"),
        ]
        if booking.attendee_count > 1:
            lines.insert(4, ("Guests", booking.attendee_count))
        if booking.overrides:
            lines.append(("Set aside", ", ".join(SET_ASIDE.get(name, name) for name in booking.overrides)))
        if booking.moved_from:
            lines.append(("Moved from", self.came_from(booking)))
        if booking.cancellation_reason:
            lines.append(("Reason for cancelling", booking.cancellation_reason))
        if booking.cancellation_fee_cents:
            fee = Money(booking.cancellation_fee_cents, booking.currency_code)
            lines.append(("Fee by the terms", str(fee)))
        return lines

    def parts(self, booking):
        """Each service of the visit: (time, name, person, price for one guest); a class is a part with its `seats`."""
        return [
            {
                "time": f"{words.clock(item.start_at.astimezone(booking.zone))}–"
                f"{words.clock(item.end_at.astimezone(booking.zone))}",
                "item": item,
                "price": Money(item.price_cents, booking.currency_code),
                "seats": [seat.number for seat in item.seats.all()] if item.session_id else [],
            }
            for item in booking.items.all()
        ]

    def mails(self, request, booking):
        return list(Message.objects.filter(about_id=booking.pk).defer("text", "html", "attachments"))

    def booking(self, request, object_id):
        """The booking of the request, loaded once; 404 where there is none."""
        kept = getattr(request, "_salon_booking", None)
        if kept is None or str(kept.pk) != str(object_id):
            kept = self.get_object(request, object_id)
            if kept is None:
                raise Http404
            request._salon_booking = kept
        return kept

    def get_object(self, request, object_id, from_field=None):
        kept = getattr(request, "_salon_booking", None)
        if kept is not None and str(kept.pk) == str(object_id):
            return kept
        return super().get_object(request, object_id, from_field)
