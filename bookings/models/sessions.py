import uuid
import zoneinfo

from django.db import models
from django.db.models import F, Q


class GroupSession(models.Model):
    """One meeting of a class: one person, one time, numbered seats (D11). It occupies its person once.

    A session the salon has put up (`scheduled`) waits for guests; one that a guest has opened ends with its last seat.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="sessions")
    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.PROTECT, related_name="sessions")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    scheduled = models.BooleanField(default=False)
    snapshot = models.JSONField(default=dict, help_text="Name, duration, phases, buffers and price as opened.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "class"
        verbose_name_plural = "classes"
        ordering = ["start_at"]
        constraints = [models.CheckConstraint(condition=Q(start_at__lt=F("end_at")), name="session_order")]
        indexes = [models.Index(fields=["service", "start_at"], name="session_reads")]

    def __str__(self):
        local = self.start_at.astimezone(zoneinfo.ZoneInfo(self.snapshot.get("timezone", "UTC")))
        return f"{self.snapshot.get('name', '')}, {local:%Y-%m-%d %H:%M}"


class Seat(models.Model):
    """A numbered seat, made with its session: there are never more than were promised. Empty without an item."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        "bookings.BookingItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="seats"
    )
    expires_at = models.DateTimeField(null=True, blank=True, help_text="The end of the hold; null once booked.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_seat_per_number"),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(expires_at__isnull=True), name="empty_seat_is_not_held"
            ),
        ]

    def __str__(self):
        return f"Seat {self.number}"
