"""Rules of a family: how many come, and in which order."""

from django.db import models

#: Who comes alone is no family.
FEWEST_GUESTS, MOST_GUESTS = 2, 5


class Order(models.TextChoices):
    """All at once, or each when the one before is done."""

    TOGETHER = "together", "At the same time"
    AFTER = "after", "One after another"
