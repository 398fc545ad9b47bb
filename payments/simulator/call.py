from . import events
from .errors import missing
from .ids import new_id
from .store import indexed


class Call:
    """What a resource handler works with: one account's view of the world during one request."""

    def __init__(
        self, world, account, *, params=None, publishable=False, request_id=None, idempotency_key=None, base_url=""
    ):
        self.world = world
        self.account = account
        self.params = params or {}
        self.publishable = publishable
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        self.base_url = base_url or world.base_url
        self._instant = None

    def within(self, account, **params):
        """The same request, acting in another account or with other parameters."""
        inner = Call(
            self.world,
            account,
            params=params,
            request_id=self.request_id,
            idempotency_key=self.idempotency_key,
            base_url=self.base_url,
        )
        inner._instant = self._instant
        return inner

    def at(self, instant):
        """This call, with `instant` as its present."""
        self._instant = instant
        return self

    @property
    def now(self):
        return self.world.clock.now() if self._instant is None else self._instant

    def get(self, kind, object_id, param="id"):
        """The account's own object, or Stripe's "No such …"."""
        found = self.world.store.get(self.account, kind, object_id)
        if found is None:
            raise missing(kind, object_id, param)
        return found

    def find(self, kind, object_id):
        return self.world.store.get(self.account, kind, object_id)

    def every(self, kind):
        """All objects of a kind, newest first."""
        return self.world.store.newest_first(self.account, kind)

    def having(self, kind, field, value):
        """Those with a value in a field that the store keeps an index of, newest first."""
        return self.world.store.having(self.account, kind, field, value)

    def candidates(self, kind):
        """All of a kind, or only those the request's own filters let through, where an index finds them."""
        for field in indexed(kind):
            if field in self.params:
                return self.having(kind, field, self.params[field])
        return self.every(kind)

    def note(self, item, field):
        """Let an indexed field that changed be found by its new value."""
        self.world.store.note(self.account, item, field)

    def add(self, kind, prefix, fields, object_id=None):
        item = {"id": object_id or new_id(prefix), "object": kind, "created": self.now, "livemode": False, **fields}
        self.world.store.add(self.account, item)
        return item

    def remove(self, item):
        self.world.store.remove(self.account, item)

    def emit(self, type_, item, previous=None):
        events.emit(self, self.account, type_, item, previous)

    def change(self, item, fields, event=None):
        """Set fields; when something differs and an event is named, tell it with the previous values."""
        previous = {name: item.get(name) for name, value in fields.items() if item.get(name) != value}
        item.update(fields)
        if event and previous:
            self.emit(event, item, previous)
