"""One open page. It is told what changed, and says nothing."""

from channels.generic.websocket import AsyncWebsocketConsumer

from dashboard.live import station

#: A page that talks is none of ours.
SPOKE = 1008


class LiveConsumer(AsyncWebsocketConsumer):
    """Behind `dashboard.live.door`, which has put the `seat` into the scope."""

    #: No channel of its own: the station reads for all pages of a salon.
    channel_layer_alias = "none"
    is_shut = False

    async def connect(self):
        self.seat, self.station = self.scope["seat"], station.here()
        try:
            self.station.take(self)
        except station.Full:
            await self.close()
            return
        try:
            await self.station.hear(self.seat.schema_name)
            await self.accept()
        except BaseException:
            self.station.leave(self)
            raise

    async def disconnect(self, code):
        self.is_shut = True
        self.station.leave(self)

    async def receive(self, text_data=None, bytes_data=None):
        await self.shut(SPOKE)

    async def shut(self, code):
        """Close it; whatever still comes is not passed on."""
        if not self.is_shut:
            self.is_shut = True
            await self.close(code)

    async def tell(self, text):
        if not self.is_shut:
            await self.send(text)
