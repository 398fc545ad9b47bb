"""What customers say of their visits, one review a visit, and what the salon does with them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

MOST_STARS = 5
MAX_TEXT = 1_000
MAX_REASON = 200
#: How a review is signed where the customer does not want to be named.
NAMELESS = "A customer"

models.TextField.register_lookup(Length)


class Publishing(models.TextChoices):
    """What becomes of a review that comes in."""

    OFF = "off", "Take no reviews, and show none"
    BY_HAND = "by_hand", "Show a review when somebody of the team has looked at it"
    AT_ONCE = "at_once", "Show a review as soon as it is written"


class ReviewSettings(models.Model):
    """What the salon wants: one row, or none where nobody has said anything yet."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    publishing = models.CharField(max_length=8, choices=Publishing, default=Publishing.BY_HAND)

    class Meta:
        verbose_name_plural = "review settings"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_row_of_review_settings"),
            models.CheckConstraint(condition=Q(publishing__in=Publishing.values), name="review_publishing_known"),
        ]

    def __str__(self):
        return "Reviews"


class ReviewStatus(models.TextChoices):
    """waiting → published ↔ hidden; waiting → hidden; each → taken back, by its customer and for good."""

    WAITING = "waiting", "Waiting"
    PUBLISHED = "published", "Published"
    HIDDEN = "hidden", "Hidden"
    TAKEN_BACK = "taken_back", "Taken back"


#: from → to. Whoever takes a review back leaves an empty row: what was hidden does not come back as a new one.
ALLOWED = {
    ReviewStatus.WAITING: {ReviewStatus.PUBLISHED, ReviewStatus.HIDDEN, ReviewStatus.TAKEN_BACK},
    ReviewStatus.PUBLISHED: {ReviewStatus.HIDDEN, ReviewStatus.TAKEN_BACK},
    ReviewStatus.HIDDEN: {ReviewStatus.PUBLISHED, ReviewStatus.TAKEN_BACK},
    ReviewStatus.TAKEN_BACK: set(),
}


class Review(models.Model):
    """Stars, and words if the customer wants, for one visit. `version` counts what the customer has sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.CASCADE, related_name="review")
    stars = models.PositiveSmallIntegerField(null=True, blank=True, help_text="None once it is taken back.")
    text = models.TextField(max_length=MAX_TEXT, blank=True)
    shown_name = models.CharField(max_length=80, blank=True, help_text="Empty for a customer without a name.")
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.WAITING)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="When the customer last sent it.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="When it was first shown.")
    hidden_reason = models.CharField(
        max_length=MAX_REASON, blank=True, help_text="For the team; customers never see it."
    )
    answer = models.TextField(max_length=MAX_TEXT, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by_id = models.UUIDField(null=True, blank=True)
    answered_by = models.CharField(
        max_length=200, blank=True, help_text="For the team; the world reads the salon’s name."
    )

    class Meta:
        ordering = ["-written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.TAKEN_BACK, stars__isnull=True)
                | ~Q(status=ReviewStatus.TAKEN_BACK) & Q(stars__isnull=False, stars__range=(1, MOST_STARS)),
                name="review_of_one_to_five_stars",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReviewStatus.TAKEN_BACK) | Q(text="", shown_name="", answer=""),
                name="review_taken_back_says_nothing",
            ),
            models.CheckConstraint(condition=Q(status__in=ReviewStatus.values), name="review_status_known"),
            models.CheckConstraint(
                condition=Q(text__length__lte=MAX_TEXT, answer__length__lte=MAX_TEXT), name="review_texts_bounded"
            ),
            models.CheckConstraint(
                condition=~Q(status=ReviewStatus.PUBLISHED) | Q(published_at__isnull=False),
                name="review_published_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.HIDDEN) ^ Q(hidden_reason=""), name="review_hidden_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(answer="") ^ Q(answered_at__isnull=False), name="review_answer_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "id"], name="review_shown", condition=Q(status=ReviewStatus.PUBLISHED)
            ),
            models.Index(fields=["status", "-written_at"], name="review_by_status"),
        ]

    def __str__(self):
        return f"{self.stars} of {MOST_STARS} stars" if self.stars else "A review that was taken back"

    @property
    def signed(self):
        return self.shown_name or NAMELESS
