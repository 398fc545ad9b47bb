"""One open page. It is told what changed, and says nothing."""

import json

from channels.generic.websocket import AsyncWebsocketConsumer

from dashboard.live import groups, station

#: A page that talks is none of ours.
SPOKE = 1008


class LiveConsumer(AsyncWebsocketConsumer):
    """Behind `dashboard.live.door`, which has put the `seat` into the scope."""

    is_shut = False

    async def connect(self):
        self.seat, self.station = self.scope["seat"], station.here()
        try:
            self.station.take(self)
        except station.Full:
            await self.close()
            return
        await self.channel_layer.group_add(groups.of(self.seat.schema_name), self.channel_name)
        await self.accept()

    async def disconnect(self, code):
        self.is_shut = True
        self.station.leave(self)
        await self.channel_layer.group_discard(groups.of(self.seat.schema_name), self.channel_name)

    async def receive(self, text_data=None, bytes_data=None):
        await self.shut(SPOKE)

    async def shut(self, code):
        """Close it; whatever still comes is not passed on."""
        if not self.is_shut:
            self.is_shut = True
            await self.close(code)

    async def live_changed(self, event):
        if not self.is_shut:
            await self.send(json.dumps(event["news"]))

    async def live_look(self, event):
        self.station.look_soon()
