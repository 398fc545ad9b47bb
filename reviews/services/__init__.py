"""Every write of reviews."""

from reviews.services.errors import Closed, NoReason, ReviewChanged, ReviewSettled, TooLate
from reviews.services.forgetting import forget
from reviews.services.keeping import answer, change_publishing, hide, publish
from reviews.services.writing import take_back, write

__all__ = [
    "Closed",
    "NoReason",
    "ReviewChanged",
    "ReviewSettled",
    "TooLate",
    "answer",
    "change_publishing",
    "forget",
    "hide",
    "publish",
    "take_back",
    "write",
]
