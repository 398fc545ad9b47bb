"""Things that happen by themselves when the simulator's clock passes an instant."""

import heapq

_HANDLERS = {}


def job(name):
    """Register `handler(call, object_id)` as what to do when a job of this name is due."""

    def register(handler):
        _HANDLERS[name] = handler
        return handler

    return register


class Jobs:
    def __init__(self):
        self._heap = []

    def at(self, timestamp, name, account, object_id):
        heapq.heappush(self._heap, [timestamp, name, account, object_id])

    def run_due(self, now, call_for):
        """Run every job due by `now`, in order, and say whether there was one; `call_for(account)` gives its call.

        A job sees the instant it was due as its present, so that a clock moved by months plays each month in turn.
        """
        found = False
        while self._heap and self._heap[0][0] <= now:
            due, name, account, object_id = heapq.heappop(self._heap)
            _HANDLERS[name](call_for(account).at(due), object_id)
            found = True
        return found

    def dump(self):
        return self._heap

    def load(self, heap):
        self._heap = heap
