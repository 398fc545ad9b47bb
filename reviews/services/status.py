"""The only writer of a review's status, on a row its caller has locked."""

from audit import services as audit
from reviews.models import ALLOWED, Review, ReviewStatus
from reviews.services.errors import ReviewSettled


def locked(review):
    """The row as it is now, held until the caller's transaction ends."""
    return Review.objects.select_for_update(of=("self",)).get(pk=review.pk)


def move(review, *, to, by, at, action, reason=""):
    """Write the state with its line in the trail. Raises ReviewSettled; nothing is written then."""
    if to not in ALLOWED[ReviewStatus(review.status)]:
        raise ReviewSettled
    before = {"status": review.status}
    review.status, review.hidden_reason = to, reason
    if to == ReviewStatus.PUBLISHED:
        review.published_at = review.published_at or at
    review.save()
    after = {"status": str(to)} | ({"reason": reason} if reason else {})
    audit.record(actor=by, action=action, subject=review, at=at, before=before, after=after)
