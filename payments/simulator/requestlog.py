from collections import deque


class RequestLog:
    """The last API requests, so that a test can say "nothing was asked of Stripe"."""

    def __init__(self):
        self._rows = deque(maxlen=2000)

    def write(self, *, request_id, method, path, account, idempotency_key, status, replayed):
        self._rows.append(
            {
                "request": request_id,
                "method": method,
                "path": path,
                "account": account,
                "idempotency_key": idempotency_key,
                "status": status,
                "replayed": replayed,
            }
        )

    def rows(self):
        return list(self._rows)

    def clear(self):
        self._rows.clear()
