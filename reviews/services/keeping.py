"""What the salon does with reviews. None of it changes what the customer wrote."""

from django.db import transaction

from audit import actors
from audit import services as audit
from bookings.models import Status
from reviews.models import MAX_REASON, Publishing, Review, ReviewSettings, ReviewStatus
from reviews.services import status
from reviews.services.errors import NoReason, ReviewChanged, ReviewSettled

#: What a visit can be corrected to, and how the team reads it.
CORRECTED = {Status.NO_SHOW: "the customer did not come", Status.CANCELED: "it was cancelled"}
SHOWABLE = (ReviewStatus.WAITING, ReviewStatus.PUBLISHED)


@transaction.atomic
def publish(*, review, seen, by, now):
    """Show the review on the booking site. `seen` is the version that was read: raises ReviewChanged where the customer
    has sent another one since, ReviewSettled; nothing is written then."""
    review = _seen(review, seen)
    status.move(review, to=ReviewStatus.PUBLISHED, by=by, at=now, action="review.published")
    return review


@transaction.atomic
def hide(*, review, reason, seen, by, now):
    """Show it no more. The reason stays in the trail, with the stars. Raises NoReason, ReviewChanged, ReviewSettled."""
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise NoReason
    review = _seen(review, seen)
    status.move(review, to=ReviewStatus.HIDDEN, by=by, at=now, action="review.hidden", reason=reason)
    return review


@transaction.atomic
def hide_corrected(*, booking, at):
    """The visit did not take place after all: what was written of it is hidden, not deleted. Returns whether it was.

    The caller has locked the booking. The salon may show it again, and says in the trail who did.
    """
    review = Review.objects.select_for_update().filter(booking=booking, status__in=SHOWABLE).first()
    if review is None:
        return False
    reason = f"The visit was corrected: {CORRECTED[booking.status]}."
    status.move(review, to=ReviewStatus.HIDDEN, by=actors.SYSTEM, at=at, action="review.hidden", reason=reason)
    return True


@transaction.atomic
def answer(*, review, text, seen, by, now):
    """Write, change or (with no text) take away the salon's answer, which stands below the review wherever that is read.

    Who answered and when is kept. Raises ReviewChanged, ReviewSettled; nothing is written then.
    """
    review, text = _seen(review, seen), text.strip()
    if review.status == ReviewStatus.TAKEN_BACK:
        raise ReviewSettled
    if text == review.answer:
        return review
    before = {"answered": bool(review.answer)}  # what it says is kept in one place: it goes with the review
    review.answer = text
    review.answered_at, review.answered_by_id, review.answered_by = (now, by.id, by.label) if text else (None, None, "")
    review.save()
    audit.record(
        actor=by, action="review.answered", subject=review, at=now, before=before, after={"answered": bool(text)}
    )
    return review


@transaction.atomic
def change_publishing(*, business, publishing, by, now):
    """Set what becomes of reviews that come in; returns whether that is another thing than before.

    What was published stays, but that nothing is shown while they are off.
    """
    ReviewSettings.objects.get_or_create(pk=1)
    row = ReviewSettings.objects.select_for_update().get(pk=1)
    before, after = row.publishing, Publishing(publishing).value
    if before == after:
        return False
    row.publishing = after
    row.save()
    sides = {"before": {"publishing": before}, "after": {"publishing": after}}
    audit.record(actor=by, action="reviews.settings_changed", subject=business, at=now, **sides)
    return True


def _seen(review, seen):
    review = status.locked(review)
    if review.version != seen:
        raise ReviewChanged
    return review
