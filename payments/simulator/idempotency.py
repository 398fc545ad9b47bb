from .errors import ApiError

LIFETIME = 24 * 3600


class IdempotencyKeys:
    """Answers remembered per account and `Idempotency-Key`, as Stripe does it."""

    def __init__(self):
        self._entries = {}

    def begin(self, account, key, fingerprint, now):
        """Claim a key; return the stored (status, body, request id) when the same request was answered before.

        Raises what Stripe answers when the key belongs to another request, or to one still under way.
        """
        entry = self._entries.get(f"{account} {key}")
        if entry is None or entry["at"] + LIFETIME <= now:
            self._entries[f"{account} {key}"] = {"at": now, "fingerprint": fingerprint, "answer": None}
            return None
        if entry["fingerprint"] != fingerprint:
            raise ApiError(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same endpoint and parameters they were "
                f"first used with. Try using a key other than '{key}' if you meant to execute a different request.",
            )
        if entry["answer"] is None:
            raise ApiError(
                409,
                "idempotency_error",
                f"There is currently another in-progress request using this Idempotency-Key: {key}. "
                "Please try again later.",
                code="idempotency_key_in_use",
            )
        return entry["answer"]

    def finish(self, account, key, status, body, request_id):
        entry = self._entries.get(f"{account} {key}")
        if entry is not None:  # a reset may have come between
            entry["answer"] = [status, body, request_id]

    def release(self, account, key):
        """Forget a claim whose request never began."""
        self._entries.pop(f"{account} {key}", None)

    def sweep(self, now):
        """Forget what expired; entries stand in the order they were made."""
        while self._entries:
            oldest = next(iter(self._entries))
            if self._entries[oldest]["at"] + LIFETIME > now:
                return
            del self._entries[oldest]

    def dump(self):
        return {name: entry for name, entry in self._entries.items() if entry["answer"] is not None}

    def load(self, entries):
        self._entries = entries
