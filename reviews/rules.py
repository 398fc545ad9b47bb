"""Until when a customer may say what of their visit, pure."""

from datetime import timedelta

from reviews.models import ReviewStatus

#: After the end of the visit: nobody remembers a haircut of last year.
WRITING = timedelta(days=60)
#: After it was first sent, while the salon has neither shown nor answered it.
CHANGING = timedelta(days=14)
#: The link still opens then, to take a review back.
LIFETIME = timedelta(days=365)


def can_write(booking, *, now):
    """Whether a first review of this visit is still taken."""
    return now < booking.end_at + WRITING


def can_change(review, *, now):
    """Whether the customer may still send it anew."""
    untouched = review.status == ReviewStatus.WAITING and not review.answer
    return untouched and now < review.written_at + CHANGING


def can_take_back(review):
    return review.status != ReviewStatus.TAKEN_BACK


def first_name(name):
    """The only name a review can be signed with."""
    return name.split()[0][:80] if name.split() else ""
