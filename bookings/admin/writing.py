"""The admin's pages and everybody else's verbs write the salon's settings one after the other."""

from django.db import transaction

from bookings.services import records


class OneWriter:
    """For an admin: who saves waits for whoever writes the catalogue, the team or the hours just now, and then looks."""

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with transaction.atomic():
            records.lock()
            return super().changeform_view(request, *args, **kwargs)
