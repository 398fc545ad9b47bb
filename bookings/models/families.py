"""Visits that are booked in one go for several people."""

import uuid

from django.db import models

from bookings import families


class Family(models.Model):
    """Who comes together or one after the other. Each visit stands by itself: its time, its people, its price, its state."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.CharField(max_length=8, choices=families.Order)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "families"

    def __str__(self):
        return self.get_order_display()
