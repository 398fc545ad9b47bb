import logging
import threading

from .call import Call

_PAUSE = 1
logger = logging.getLogger(__name__)


class Ticker:
    """Lets what falls due happen although nobody asks anything: a hold ends, a refund settles, a plan renews."""

    def __init__(self, world):
        self._world = world
        self._thread = threading.Thread(target=self._run, daemon=True, name="ticker")
        self._stopping = threading.Event()

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping.set()
        self._thread.join()

    def _run(self):
        while not self._stopping.wait(_PAUSE):
            try:
                run_due(self._world)
            except Exception:
                logger.exception("what fell due failed")


def run_due(world):
    """Everything that is due by now, in order."""
    with world.lock:
        if world.jobs.run_due(world.clock.now(), lambda account: Call(world, account)):
            world.changed()
