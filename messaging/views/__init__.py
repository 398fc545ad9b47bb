from messaging.views.events import events
from messaging.views.unsubscribe import unsubscribe

__all__ = ["events", "unsubscribe"]
