import re

KINDS = ("lost_answer", "500", "429", "hang")


class Faults:
    """Misfortunes ordered for coming requests; each is used up after `times` hits."""

    def __init__(self):
        self._pending = []

    def order(self, *, kind, match=None, times=1, seconds=30, after=False):
        """Raises ValueError for an unknown kind or a broken pattern.

        `after` makes a 500 or a hang strike when the work is done already, the nastiest kind.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        match = match or {}
        fault = {
            "kind": kind,
            "method": match.get("method"),
            "path": re.compile(match.get("path_regex", "")),
            "seconds": float(seconds),
            "after": bool(after),
            "left": int(times),
        }
        self._pending.append(fault)

    def take(self, method, path):
        """The fault that strikes this request, or None."""
        for fault in self._pending:
            if fault["left"] > 0 and fault["method"] in (None, method) and fault["path"].search(path):
                fault["left"] -= 1
                return fault
        return None

    def left(self):
        return sum(fault["left"] for fault in self._pending)

    def clear(self):
        self._pending.clear()
