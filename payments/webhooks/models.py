"""The inbox: every Stripe event once, stored before it is answered, processed after."""

from django.db import models


class EventStatus(models.TextChoices):
    RECEIVED = "received"
    PROCESSED = "processed"
    QUARANTINED = "quarantined"
    FAILED = "failed"


class StripeEvent(models.Model):
    """An event as Stripe signed it. `account` is empty for the platform's own."""

    event_id = models.CharField(max_length=64, primary_key=True)
    account = models.CharField(max_length=64, blank=True)
    type = models.CharField(max_length=80)
    payload = models.JSONField()
    status = models.CharField(max_length=12, choices=EventStatus, default=EventStatus.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="stripe_event_open", condition=models.Q(status="received"))
        ]

    def __str__(self):
        return f"{self.type} {self.event_id}"
