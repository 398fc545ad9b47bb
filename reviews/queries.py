"""Reads of reviews: for the world, for the team, for the customer who wrote one."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, Window

from reviews.models import Publishing, Review, ReviewSettings, ReviewStatus

#: On the salon's front page.
LATEST = 3


@dataclass(frozen=True, slots=True)
class Rating:
    """The average of `count` published reviews, and the latest of them."""

    average: float
    count: int
    latest: list

    @property
    def shown(self):
        """`4.7`"""
        return f"{self.average:.1f}"


def publishing():
    """What the salon wants: a Publishing."""
    row = ReviewSettings.objects.first()
    return Publishing(row.publishing) if row else Publishing.BY_HAND


def published():
    """What the world reads, the latest first; nothing where the salon has switched reviews off. Its `average` and
    `how_many` are of all of them, whatever part of them is taken."""
    off = ReviewSettings.objects.filter(publishing=Publishing.OFF)
    return (
        Review.objects.select_related("booking")
        .filter(~Exists(off), status=ReviewStatus.PUBLISHED)
        .annotate(average=Window(Avg("stars")), how_many=Window(Count("pk")))
        .order_by("-published_at", "pk")
    )


def rating(*, latest=LATEST):
    """The Rating of the salon, or None where nothing is published. One query."""
    found = list(published()[:latest])
    return Rating(float(found[0].average), found[0].how_many, found) if found else None


def has_published():
    """Whether the world finds anything on the page of reviews."""
    return published().exists()


def review_of(booking):
    """The visit's review, or None."""
    return Review.objects.filter(booking_id=booking.pk).first()


def reviews_for_team():
    """All the team sees: also what is hidden, and that something was taken back."""
    return Review.objects.select_related("booking").order_by("-written_at", "pk")
