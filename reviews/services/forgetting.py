"""A customer is forgotten: the stars stay, nobody's."""

from audit import services as audit
from messaging import services as messaging
from reviews.models import Review


def forget(*, person):
    """Take name and words out of the person's reviews, and out of what was said of them. In the caller's transaction."""
    reviews = list(Review.objects.filter(booking__in=person.booking_ids).select_for_update(of=("self",)).order_by("pk"))
    for review in reviews:
        review.text = review.shown_name = ""
        # What the salon answers may speak to somebody by name, or repeat what they said.
        review.answer, review.answered_at, review.answered_by_id, review.answered_by = "", None, None, ""
        review.hidden_reason = person.words.instead if review.hidden_reason else ""
        review.version += 1
        review.save()
    ids = [review.pk for review in reviews]
    messaging.forget(about=ids)
    audit.forget(subjects={"reviews.review": ids}, words=person.words, emptied=("reviews.review",))
