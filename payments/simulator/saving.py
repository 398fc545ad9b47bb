import threading
import time

LEAST_PAUSE = 0.5


class Saver:
    """Keeps a file in step with a world: soon after a change, and once more at `stop`."""

    def __init__(self, world, path):
        self._world = world
        self._path = path
        self._saved = world.version
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="saver")

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopping.set()
        self._thread.join()
        self._save()

    def _run(self):
        pause = LEAST_PAUSE
        while not self._stopping.wait(pause):
            began = time.monotonic()
            self._save()
            # A big state takes long to write and requests wait meanwhile: then save more rarely.
            pause = max(LEAST_PAUSE, 20 * (time.monotonic() - began))

    def _save(self):
        version = self._world.version
        if version != self._saved:
            self._world.save(self._path)
            self._saved = version
