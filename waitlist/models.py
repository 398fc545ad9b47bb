"""Who waits for what, what they have been offered, and where time has come free.

An offer's time is kept by a held booking: the diary itself sees to it that it is nobody else's.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from tenants import languages


class WishStatus(models.TextChoices):
    """A wish's life; `services.status` holds the allowed moves and is the only writer."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left", "Left the list"
    REMOVED = "removed", "Taken off"
    OVER = "over", "Dates are over"


class Wish(models.Model):
    """Somebody waits for services on local dates, at times of the day (`windows`), with people or anyone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    language = models.CharField(max_length=2, blank=True, choices=languages.CHOICES)
    texts_agreed_at = models.DateTimeField(null=True, blank=True)
    party_size = models.PositiveSmallIntegerField(default=1)
    together = models.BooleanField(default=False)
    first_date = models.DateField(help_text="A date on the salon's wall.")
    last_date = models.DateField(help_text="The last such date, included.")
    windows = models.JSONField(
        default=list, blank=True, help_text="[from, to) in minutes of the wall's day, for the start; none is any time."
    )
    status = models.CharField(max_length=8, choices=WishStatus, default=WishStatus.WAITING)
    is_by_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "wishes"
        ordering = ["joined_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(first_date__lte=F("last_date")), name="wish_dates_in_order"),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="wish_party"),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="wish_can_be_told"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "offered"]) ^ Q(ended_at__isnull=False), name="wish_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["last_date"], name="wish_waiting", condition=Q(status="waiting")),
            models.Index(fields=["ended_at"], name="wish_to_forget", condition=Q(ended_at__isnull=False)),
            models.Index(fields=["joined_at", "id"], name="wish_in_line"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self):
        return self.status in (WishStatus.WAITING, WishStatus.OFFERED)


class WishedService(models.Model):
    """One service of a wish, in order, and with whom; none is anyone."""

    id = models.BigAutoField(primary_key=True)
    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="wanted")
    position = models.PositiveSmallIntegerField()
    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="+")
    team_member = models.ForeignKey(
        "bookings.TeamMember", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["wish", "position"], name="wished_service_place")]

    def __str__(self):
        return f"{self.service} with {self.team_member or 'anyone'}"


class OfferStatus(models.TextChoices):
    """An offer's life; written in `services.status` alone."""

    OPEN = "open"
    ACCEPTED = "accepted", "Being booked"
    BOOKED = "booked"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Offer(models.Model):
    """A time kept for one wish until `expires_at`; `booking` is the hold that keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wish = models.ForeignKey(Wish, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="waitlist_offer")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=OfferStatus, default=OfferStatus.OPEN)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["wish"], condition=Q(status__in=["open", "accepted"]), name="one_running_offer_per_wish"
            ),
            models.CheckConstraint(condition=Q(expires_at__lt=F("start_at")), name="offer_ends_before_the_visit"),
            models.CheckConstraint(condition=Q(start_at__lt=F("end_at")), name="offer_order"),
        ]

    def __str__(self):
        return f"{self.wish}: {self.start_at:%Y-%m-%d %H:%M} UTC"


class FreedTime(models.Model):
    """Local dates on which time has come free and nobody who waits has been asked yet; `last_date` None is any later one."""

    id = models.BigAutoField(primary_key=True)
    first_date = models.DateField()
    last_date = models.DateField(null=True, blank=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.first_date} to {self.last_date or 'any'}"
