import random
import re

from .faults import KINDS

_AFTER = ("500", "hang")
ALL = (*KINDS, *(f"{kind}_after" for kind in _AFTER))


class Chaos:
    """Strikes a share of all requests with misfortunes until told to stop; the same seed draws the same lots."""

    def __init__(self):
        self.stop()

    def start(self, *, rate, kinds=("lost_answer", "500", "429"), seed=0, path_regex="", method=None, seconds=0.2):
        """Raises ValueError for a rate that is none, an unknown kind or a broken pattern.

        `500_after` and `hang_after` strike when the work is done already.
        """
        if not 0 <= rate <= 1:
            raise ValueError("rate must be between 0 and 1")
        if not kinds or set(kinds) - set(ALL):
            raise ValueError(f"kinds must be some of {', '.join(ALL)}")
        self._path, self._method = re.compile(path_regex), method
        self._rate, self._kinds, self._seconds = rate, list(kinds), float(seconds)
        self._lots = random.Random(seed)  # noqa: S311 -- repeatable misfortune, no secret
        self._seen, self._struck = 0, dict.fromkeys(kinds, 0)

    def stop(self):
        self.start(rate=0)

    def take(self, method, path):
        """The misfortune of this request, or None."""
        if not self._rate or self._method not in (None, method) or not self._path.search(path):
            return None
        self._seen += 1
        if self._lots.random() >= self._rate:
            return None
        name = self._lots.choice(self._kinds)
        self._struck[name] += 1
        return {"kind": name.removesuffix("_after"), "after": name.endswith("_after"), "seconds": self._seconds}

    def report(self):
        return {"rate": self._rate, "seen": self._seen, "struck": self._struck}
