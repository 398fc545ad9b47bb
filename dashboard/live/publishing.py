"""From a process that has changed something to the processes that hold sockets.

The channel layer is asynchronous; whoever writes is not, and may stand in a thread with a loop of its own. So each
process has one thread with a loop and one connection to Valkey, made when there is something to tell for the first time.
A Valkey that is down or deaf costs a write a quarter of a second once, the next ones nothing, and never fails it.
"""

import asyncio
import os
import threading

import structlog
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

#: Seconds a writer waits: long enough for every healthy Valkey, so that a command that ends right away has told its news.
PATIENCE = 0.25
#: Seconds after which sending is given up.
LIMIT = 2
#: Messages on their way at once; more are dropped, pages look for themselves.
MOST = 200

logger = structlog.get_logger("tithi.live")
_line = None
_lock = threading.Lock()


def tell(group, message):
    """Send a message to a group's sockets. Never raises."""
    try:
        _line_of_this_process().send(group, message)
    except Exception:  # the change itself is committed
        logger.exception("live_not_told")


def forget():
    """Begin anew with what the settings say now."""
    global _line
    with _lock:
        _line = None


def _line_of_this_process():
    global _line
    with _lock:
        if _line is None or _line.pid != os.getpid():  # a forked worker has its parent's memory and not its threads
            _line = Line()
        return _line


class Line:
    def __init__(self):
        self.pid = os.getpid()
        self.is_well = True
        self.on_the_way = 0
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="live", daemon=True).start()

    def send(self, group, message):
        if self.on_the_way >= MOST:
            return
        self.on_the_way += 1
        sending = asyncio.run_coroutine_threadsafe(self._send(group, message), self.loop)
        if self.is_well:
            try:
                sending.result(PATIENCE)
            except TimeoutError:
                self._is(False, "slow")

    async def _send(self, group, message):
        try:
            await asyncio.wait_for(get_channel_layer().group_send(group, message), LIMIT)
        except (OSError, RedisError, TimeoutError) as exc:
            self._is(False, type(exc).__name__)
        else:
            self._is(True)
        finally:
            self.on_the_way -= 1

    def _is(self, well, why=""):
        if well != self.is_well:
            self.is_well = well
            logger.warning("live_line_up" if well else "live_line_down", why=why)
