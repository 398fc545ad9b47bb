"""Reviews in words, and in schema.org's: for pages and search engines."""

from dataclasses import dataclass

from bookings import words
from reviews.models import MOST_STARS, NAMELESS


@dataclass(frozen=True, slots=True)
class Shown:
    stars: int
    text: str
    signed: str
    when: str
    answer: str


def shown(review):
    return Shown(review.stars, review.text, review.signed, month(review), review.answer)


def month(review):
    """`May 2026`: nobody can tell from it which visit it was."""
    local = review.published_at.astimezone(review.booking.zone) if review.published_at else None
    return f"{local:%B} {local.year}" if local else ""


def count(number):
    return words.count(number, "review", "reviews")


def linked(rating):
    """https://schema.org/AggregateRating and the latest reviews, for the salon's own block of data."""
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": rating.shown,
            "reviewCount": rating.count,
            "bestRating": MOST_STARS,
            "worstRating": 1,
        },
        "review": [_linked(review) for review in rating.latest],
    }


def _linked(review):
    said = {
        "@type": "Review",
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": MOST_STARS, "worstRating": 1},
        "author": {"@type": "Person", "name": review.shown_name or NAMELESS},
        "datePublished": review.published_at.date().isoformat(),
    }
    return said | ({"reviewBody": review.text} if review.text else {})
