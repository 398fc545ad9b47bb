"""The sockets this process holds: how many there may be, whether they may stay, whether news still comes.

Everything here runs in the process's one loop; what asks the database runs in a thread of its own, so that a rush at the
door delays no look at those inside.
"""

import asyncio
import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import structlog
from channels.db import DatabaseSyncToAsync
from channels.layers import get_channel_layer
from django.utils import timezone
from redis.exceptions import RedisError

from dashboard.live import admission, groups

MOST_A_PERSON = 20
MOST_A_SALON = 200
#: Seconds between two looks at whether everybody may stay, and the longest one may take: together under five.
LOOK_EVERY, LONGEST_LOOK = 2.0, 2.5
#: Django tells of somebody who signs out just before the session is gone.
NOT_YET = 0.3
#: Seconds between two messages to ourselves through Valkey, and how long none may arrive.
PULSE_EVERY, LONGEST_SILENCE = 1.0, 4.0

#: Seconds a page may take to take its news.
LONGEST_TELLING = 1.0

#: Why a socket is closed: codes that pages know.
NOT_ALLOWED, NO_NEWS = 4403, 4503

logger = structlog.get_logger("tithi.live")


class Full(Exception):
    """As many sockets as a person, or a salon, may have."""


class Station:
    def __init__(self):
        self.sockets = set()
        self.looks = ThreadPoolExecutor(1, thread_name_prefix="look")
        self.wanted = asyncio.Event()
        self.heard_at = 0.0
        self.lines, self.closing = {}, set()
        self.tasks = [asyncio.ensure_future(task()) for task in (self._look_forever, self._pulse_forever)]

    # Who is here ---------------------------------------------------------------------------------

    def take(self, socket):
        """Raises Full."""
        here = [other.seat for other in self.sockets if other.seat.schema_name == socket.seat.schema_name]
        own = [seat for seat in here if seat.user_id == socket.seat.user_id]
        if len(here) >= MOST_A_SALON or len(own) >= MOST_A_PERSON:
            raise Full
        self.sockets.add(socket)

    def leave(self, socket):
        self.sockets.discard(socket)

    # What they are told --------------------------------------------------------------------------

    async def hear(self, schema_name):
        """From now on the salon's sockets are told its news: read once, however many they are."""
        if schema_name not in self.lines:
            self.lines[schema_name] = asyncio.ensure_future(self._subscribe(schema_name))
        try:
            await asyncio.shield(self.lines[schema_name])
        except BaseException:
            self.lines.pop(schema_name, None)
            raise

    async def _subscribe(self, schema_name):
        """The salon's own channel; the task that reads it."""
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(groups.of(schema_name), channel)
        return asyncio.ensure_future(self._tell_forever(schema_name, layer, channel))

    async def _tell_forever(self, schema_name, layer, channel):
        while True:
            message = await layer.receive(channel)
            if message["type"] == "live.look":
                self.look_soon()
            else:
                await self._tell(schema_name, json.dumps(message["news"]))

    async def _tell(self, schema_name, text):
        """A socket that does not take it is given up: the others of its salon do not wait for it."""
        here = [socket for socket in self.sockets if socket.seat.schema_name == schema_name]
        done = await asyncio.gather(
            *(asyncio.wait_for(socket.tell(text), LONGEST_TELLING) for socket in here), return_exceptions=True
        )
        deaf = [socket for socket, outcome in zip(here, done, strict=True) if isinstance(outcome, Exception)]
        for socket in deaf:
            self.leave(socket)
            self.closing.add(closing := asyncio.ensure_future(socket.shut(NO_NEWS)))
            closing.add_done_callback(self.closing.discard)

    # Whether they may stay -----------------------------------------------------------------------

    def look_soon(self):
        """Somebody has signed out, or the like."""
        self.wanted.set()

    async def _look_forever(self):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wanted.wait(), LOOK_EVERY)
                await asyncio.sleep(NOT_YET)
            self.wanted.clear()
            await self._look()

    async def _look(self):
        """Close the sockets that would not be given again; all of them where nobody can tell."""
        salons = defaultdict(list)
        for socket in self.sockets:
            salons[socket.seat.schema_name].append(socket)
        try:
            good = await asyncio.wait_for(self._good_seats(salons), LONGEST_LOOK)
        except Exception:  # the loop has to go on
            logger.exception("live_cannot_look")
            good = set()
        looked_at = [socket for sockets in salons.values() for socket in sockets]
        await self._close([socket for socket in looked_at if socket.seat not in good], NOT_ALLOWED)

    async def _good_seats(self, salons):
        """One question of the thread for each salon."""
        good = set()
        for sockets in salons.values():
            ask = DatabaseSyncToAsync(admission.still_seated, thread_sensitive=False, executor=self.looks)
            good |= await ask([socket.seat for socket in sockets], now=timezone.now())
        return good

    async def _close(self, sockets, code):
        for socket in sockets:
            self.leave(socket)
        await asyncio.gather(*(socket.shut(code) for socket in sockets), return_exceptions=True)

    # Whether news still comes --------------------------------------------------------------------

    @property
    def hears(self):
        return time.monotonic() - self.heard_at < LONGEST_SILENCE

    async def heard_once(self, patience=2.0):
        """Whether Valkey is there, given a moment to answer for the first time."""
        until = time.monotonic() + patience
        while not self.hears and time.monotonic() < until:
            await asyncio.sleep(0.02)
        return self.hears

    async def _pulse_forever(self):
        while True:
            try:
                await self._pulse()
            except Exception:  # the loop has to go on
                logger.warning("live_no_pulse", exc_info=True)
            await self._begin_anew()

    async def _pulse(self):
        """Send ourselves a message each second, until none has come back for too long."""
        layer = get_channel_layer()
        channel = await asyncio.wait_for(layer.new_channel(), LONGEST_SILENCE)
        listening = asyncio.ensure_future(self._listen(layer, channel))
        began = time.monotonic()
        try:
            while time.monotonic() - max(began, self.heard_at) < LONGEST_SILENCE:
                with suppress(OSError, RedisError, TimeoutError):
                    await asyncio.wait_for(layer.send(channel, {"type": "pulse"}), PULSE_EVERY)
                await asyncio.sleep(PULSE_EVERY)
        finally:
            listening.cancel()

    async def _listen(self, layer, channel):
        while True:
            await layer.receive(channel)
            self.heard_at = time.monotonic()

    async def _begin_anew(self):
        """Without Valkey a socket is a promise nobody keeps: pages ask by themselves, and come back."""
        self.heard_at = 0.0
        logger.warning("live_line_lost", sockets=len(self.sockets))
        await self._close(list(self.sockets), NO_NEWS)
        for line in self.lines.values():
            (line.result() if line.done() and not line.exception() else line).cancel()
        self.lines.clear()
        with suppress(OSError, RedisError, TimeoutError):
            await asyncio.wait_for(get_channel_layer().flush(), 2)
        await asyncio.sleep(PULSE_EVERY)


_stations = {}


def here():
    """The Station of the running loop, begun when somebody comes for the first time."""
    loop = asyncio.get_running_loop()
    if loop not in _stations:
        _stations[loop] = Station()
    return _stations[loop]
