import time


class Clock:
    """The simulator's time: the real one plus an offset that tests may move."""

    def __init__(self):
        self.offset = 0

    def now(self):
        return int(time.time()) + self.offset

    def advance(self, seconds):
        self.offset += int(seconds)

    def set(self, timestamp):
        self.offset = int(timestamp) - int(time.time())

    def dump(self):
        return self.offset

    def load(self, offset):
        self.offset = offset
