"""An answer in the settings of a live salon is looked at before it is kept, as the dashboard's forms are (decision 0039)."""

from dataclasses import dataclass, field

from django.db import transaction

from bookings import stranded
from bookings.models import Service
from bookings.services import previews
from onboarding.services.progress import locked


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer as a change that can be looked at (`bookings.services.previews.kinds`).

    `asked` is what was sent, by which two answers are compared; `make(by=, now=)` keeps it.
    """

    asked: tuple
    make: object = field(repr=False, compare=False)
    dates = None

    def apply(self, *, business, by, now):
        return self.make(by=by, now=now)

    def services(self):
        return list(Service.objects.filter(active=True, deleted_at=None).order_by("pk"))

    def coming(self, *, now):
        return None

    def outside(self, *, business, now, coming):
        visits = stranded.without_time(business=business, now=now)
        return dict(visits.values_list("pk", stranded.Epoch("start_at")))


@transaction.atomic
def look_at(*, progress, answer, by, now):
    """The Preview of an answer. Raises what keeping it raises."""
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    return previews.preview_change(business=progress.business, change=answer, by=by, now=now)


@transaction.atomic
def keep_seen(*, progress, answer, token, by, now):
    """Keep the answer where it does what was shown. Raises previews.PreviewStale, and what keeping it raises."""
    locked(progress)
    return previews.apply_change(business=progress.business, change=answer, token=token, by=by, now=now)
