"""Every write of reviews."""

from reviews.services.errors import Closed, NoReason, ReviewChanged, ReviewSettled, TooLate
from reviews.services.forgetting import forget
from reviews.services.keeping import CORRECTED, answer, change_publishing, hide, hide_corrected, publish
from reviews.services.writing import take_back, write

__all__ = [
    "CORRECTED",
    "Closed",
    "NoReason",
    "ReviewChanged",
    "ReviewSettled",
    "TooLate",
    "answer",
    "change_publishing",
    "forget",
    "hide",
    "hide_corrected",
    "publish",
    "take_back",
    "write",
]
