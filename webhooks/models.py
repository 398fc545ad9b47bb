"""What a salon's own programs are told: where, what, and how it went."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class EventType(models.TextChoices):
    BOOKING_CREATED = "booking.created", "Booking created"
    BOOKING_CONFIRMED = "booking.confirmed", "Booking confirmed"
    BOOKING_RESCHEDULED = "booking.rescheduled", "Booking rescheduled"
    BOOKING_CANCELED = "booking.canceled", "Booking cancelled"
    BOOKING_CHECKED_IN = "booking.checked_in", "Customer checked in"
    BOOKING_COMPLETED = "booking.completed", "Booking completed"
    BOOKING_NO_SHOW = "booking.no_show", "No-show"
    PAYMENT_CAPTURED = "payment.captured", "Payment captured"
    PAYMENT_REFUNDED = "payment.refunded", "Payment refunded"
    CUSTOMER_CREATED = "customer.created", "Customer created"


#: Sent by a press only, to one endpoint, whatever it asked for.
TEST = "webhook.test"


class EndpointState(models.TextChoices):
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class WebhookEndpoint(models.Model):
    """An address of the salon's that is told of events. Its secret follows from its id and `secret_generation`:
    no column holds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.URLField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=32, choices=EventType), help_text="What it is told of.")
    state = models.CharField(max_length=8, choices=EndpointState, default=EndpointState.ACTIVE)
    disabled_reason = models.CharField(max_length=200, blank=True)
    secret_generation = models.PositiveIntegerField(default=1)
    rolled_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True, help_text="Since when nothing has arrived there.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="One worker at a time speaks to it.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(events__len__gte=1), name="webhook_endpoint_events"),
            models.CheckConstraint(condition=Q(secret_generation__gte=1), name="webhook_endpoint_generation"),
        ]

    def __str__(self):
        return self.description or self.url


class WebhookEvent(models.Model):
    """Something that happened, written in the transaction that made it happen.

    Its number within the booking is given when it first leaves: numbers then have no gap, whatever was rolled back, and
    nobody who moves a visit or its money waits for them.
    """

    position = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=32)
    occurred_at = models.DateTimeField(db_index=True)
    booking_id = models.UUIDField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    payload = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking_id", "sequence"], name="webhook_event_sequence"),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True) | Q(booking_id__isnull=False, sequence__gte=1),
                name="webhook_event_sequence_of_bookings",
            ),
        ]
        indexes = [
            models.Index(
                fields=["booking_id", "position"],
                name="webhook_event_unnumbered",
                condition=Q(sequence__isnull=True, booking_id__isnull=False),
            ),
        ]

    def __str__(self):
        return self.type


class DeliveryStatus(models.TextChoices):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    status = models.CharField(max_length=9, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Since it was first sent or last replayed.")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="Its first attempt, of these.")
    tries = models.JSONField(default=list, help_text="[{at, code, reason}] of the last attempts.")
    response_code = models.PositiveSmallIntegerField(null=True, blank=True)
    response_text = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it did not arrive.")
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering = ["-event__position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="one_webhook_delivery"),
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_at__isnull=False), name="webhook_delivered_when"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "due_at"], name="webhook_delivery_due", condition=Q(status="pending")),
        ]

    def __str__(self):
        return f"{self.event} → {self.endpoint}"
