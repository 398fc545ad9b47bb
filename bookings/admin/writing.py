"""The admin's pages and everybody else's verbs write the salon's settings one after the other.

Who saves what leaves visits without their time is asked first: nothing is kept until a second press, on the page that names
them. The forms change many things together, so the page says of visits what the saving itself found, and nothing of starts.
"""

from django import forms
from django.contrib.messages.storage import default_storage
from django.db import transaction

from bookings.admin import stranded
from bookings.admin.asking import Asking
from bookings.services import previews, records

#: What the page sends back: a mark of the visits that were named.
KEEP = "keep_visits"


class OneWriter(Asking):
    """For an admin: who saves waits for whoever writes the catalogue, the team or the hours just now, and then looks."""

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        return self.asking_first(request, super().changeform_view, *args, **kwargs)

    def asking_first(self, request, view, *args, **kwargs):
        """The view's answer; where it names visits that have not been looked at, a page that does, and nothing is written."""
        with transaction.atomic():
            records.lock()
            response = view(request, *args, **kwargs)
            told = stranded.told(request)
            if not told or request.POST.get(KEEP) == _mark(told):
                return response
            transaction.set_rollback(True)
        request._messages = default_storage(request)  # without what was said of a saving that is none
        return self._page(request, told)

    def _page(self, request, told):
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        mine = ("csrfmiddlewaretoken", KEEP)
        chosen = ["The picture you chose is not kept: choose it again afterwards."] if request.FILES else []
        return self.ask(
            request,
            title="Save, and leave these visits without their time?",
            form=forms.Form(),
            button="Save, and keep the visits as booked",
            warnings=[stranded.said_of_moves(request.tenant, cause, bookings) for cause, bookings in told],
            lines=[
                "Nothing is saved yet. The visits stay as booked until you move them; nobody is told before.",
                *chosen,
            ],
            hidden=[*(pair for pair in sent if pair[0] not in mine), (KEEP, _mark(told))],
        )


def _mark(told):
    """Changes with the visits, when they are, and why they are named."""
    visits = tuple((booking.pk, booking.start_at.isoformat()) for _, bookings in told for booking in bookings)
    return previews.Difference(visits).digest(*(cause for cause, _ in told))
