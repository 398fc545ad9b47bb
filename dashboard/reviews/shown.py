"""Reviews as the team reads them."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import words
from reviews.models import ReviewStatus

BADGES = {
    ReviewStatus.WAITING: "warn",
    ReviewStatus.PUBLISHED: "good",
    ReviewStatus.HIDDEN: "",
    ReviewStatus.TAKEN_BACK: "",
}


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    stars: int | None
    about: str
    text: str
    signed: str
    when: str
    status: str
    badge: str
    answered: bool


def line_of(review, zone):
    return Line(
        url=reverse("dashboard:review", args=[review.pk]),
        stars=review.stars,
        about=review.booking.service_name,
        text=review.text,
        signed=review.signed,
        when=words.when(review.changed_at.astimezone(zone)),
        status=ReviewStatus(review.status).label,
        badge=BADGES[ReviewStatus(review.status)],
        answered=bool(review.answer),
    )


def facts_of(review, zone):
    """[(name, value)] of what is known of a review."""

    def at(instant):
        return words.when(instant.astimezone(zone)) if instant else ""

    facts = (
        ("For", review.booking.service_name),
        ("Visit", words.when(review.booking.local_start)),
        ("Signed", review.signed),
        ("Written", at(review.written_at)),
        ("Changed", at(review.changed_at) if review.version > 1 else ""),
        ("First published", at(review.published_at)),
        ("Hidden because", review.hidden_reason),
        ("Answered", f"{at(review.answered_at)} by {review.answered_by}" if review.answer else ""),
    )
    return [(name, value) for name, value in facts if value]
