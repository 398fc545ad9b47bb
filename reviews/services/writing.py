"""What the customer does, behind the signed link of their visit."""

from django.db import transaction

from audit import actors
from audit import services as audit
from bookings.models import Booking, Status
from messaging.notices.services import tell
from reviews import queries, rules
from reviews.models import Publishing, Review, ReviewStatus
from reviews.services import status
from reviews.services.errors import Closed, ReviewSettled, TooLate


@transaction.atomic
def write(*, booking, stars, text, is_named, by, now):
    """Rate a completed visit, or send the review anew; returns it. The team is told of a first one.

    It is signed with the visit's first name or, unless `is_named`, with none. Pressed twice it is one review. Raises
    Closed, TooLate, ReviewSettled; nothing is written then.
    """
    booking = Booking.objects.select_for_update(no_key=True).get(pk=booking.pk)  # two presses at once wait here
    publishing = queries.publishing()
    if publishing == Publishing.OFF:
        raise Closed
    if booking.status != Status.COMPLETED:
        raise TooLate
    said = {
        "stars": stars,
        "text": text,
        "shown_name": rules.first_name(booking.contact_name) if is_named else "",
    }
    review = Review.objects.select_for_update().filter(booking=booking).first()
    if review is None:
        review = _write_first(booking, said, by, now)
    elif all(getattr(review, name) == value for name, value in said.items()):
        return review  # the same press once more
    else:
        _change(review, said, by, now)
    if publishing == Publishing.AT_ONCE:
        status.move(review, to=ReviewStatus.PUBLISHED, by=actors.SYSTEM, at=now, action="review.published")
    return review


@transaction.atomic
def take_back(*, review, by, now):
    """The customer wants nothing of it to be read any more, by nobody, and it cannot be undone. Raises ReviewSettled.

    Nothing of it stays but that there was one, and how many stars the trail says it had.
    """
    review = status.locked(review)
    review.stars, review.text, review.shown_name = None, "", ""
    review.answer, review.answered_at, review.answered_by_id, review.answered_by = "", None, None, ""
    status.move(review, to=ReviewStatus.TAKEN_BACK, by=by, at=now, action="review.taken_back")


def _write_first(booking, said, by, now):
    if not rules.can_write(booking, now=now):
        raise TooLate
    review = Review.objects.create(booking=booking, written_at=now, changed_at=now, **said)
    # What it says stays out of the trail, which nobody can take back.
    audit.record(actor=by, action="review.written", subject=review, at=now, after={"stars": review.stars})
    words = f"{review.stars} of 5 stars for {booking.service_name}. Read it and publish or answer it."
    tell(event="review_written", about_id=review.pk, words=words, now=now)
    return review


def _change(review, said, by, now):
    if review.status != ReviewStatus.WAITING or review.answer:
        raise ReviewSettled
    if not rules.can_change(review, now=now):
        raise TooLate
    before = {"stars": review.stars}
    for name, value in said.items():
        setattr(review, name, value)
    review.version += 1
    review.changed_at = now
    review.save()
    audit.record(
        actor=by, action="review.changed", subject=review, at=now, before=before, after={"stars": review.stars}
    )
