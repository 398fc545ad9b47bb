"""Visits that come again."""

import uuid

from django.db import models
from django.db.models import Q

from bookings import recurring


class Series(models.Model):
    """Visits somebody has every so many weeks. Each stands by itself: its time, its people, its price, its state.

    Its id is the press that began it: pressed twice, it is one series.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    every_weeks = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, every_weeks__lte=recurring.MOST_WEEKS), name="series_every_weeks"
            )
        ]

    def __str__(self):
        return "every week" if self.every_weeks == 1 else f"every {self.every_weeks} weeks"
