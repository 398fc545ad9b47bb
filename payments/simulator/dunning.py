class Dunning:
    """When Stripe tries a subscription's unpaid invoice again, and what becomes of it in the end.

    An account's settings on Stripe; here the control API changes them for everyone.
    """

    OUTCOMES = ("cancel", "unpaid", "past_due")

    def __init__(self):
        self.retry_after_days = [3, 5, 7]  # each counted from the attempt before
        self.when_exhausted = "cancel"
        self.finalize_after = 3600

    def change(self, *, retry_after_days=None, when_exhausted=None, finalize_after=None):
        """Raises ValueError for an unknown outcome; what is not named stays."""
        if when_exhausted not in (None, *self.OUTCOMES):
            raise ValueError(f"when_exhausted must be one of {', '.join(self.OUTCOMES)}")
        if retry_after_days is not None:
            self.retry_after_days = [float(days) for days in retry_after_days]
        if finalize_after is not None:
            self.finalize_after = int(finalize_after)
        self.when_exhausted = when_exhausted or self.when_exhausted

    def next_attempt(self, attempts, now):
        """When to try again after that many automatic attempts, or None when enough was tried."""
        if not 1 <= attempts <= len(self.retry_after_days):
            return None
        return now + int(self.retry_after_days[attempts - 1] * 24 * 3600)

    def dump(self):
        return vars(self)

    def load(self, settings):
        vars(self).update(settings)
