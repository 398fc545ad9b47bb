"""The page of one booking: everything staff read about it. It is never edited as a form."""

from django.http import Http404

from bookings.desk import page as desk
from bookings.desk.shown import BADGES, agreed, agreed_words, state_of
from messaging.models import Message


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
        """What the booking's page shows, ready to print; what the reader's role does not see is None."""
        sees_customers = self.has_view_customers_permission(request)
        return {
            "title": booking.ref,
            "may_work": self.has_work_diary_permission(request),
            "booking": booking,
            "badge": (state_of(booking), BADGES.get(booking.status, "")),
            "visit": desk.lines_of(booking),
            "parts": desk.parts_of(booking),
            "agreed": agreed(booking, with_address=sees_customers),
            "agreed_words": agreed_words(booking),
            "sees_customers": sees_customers,
            "mails": self.mails(request, booking) if sees_customers else None,
            "trail": desk.trail_of(booking) if self.has_view_trail_permission(request) else None,
        }

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
