"""What waits for an intent, an invoice or a checkout session say, and is told how the intent fared."""

_FOLLOWERS = {}


def follower(field):
    """Register `handler(call, intent)` for intents that name, in this field of ours, who waits for them."""

    def register(handler):
        _FOLLOWERS[field] = handler
        return handler

    return register


def tell(call, intent):
    """Tell whoever waits that the intent succeeded, failed or needs its customer; it reads which."""
    for field, handler in _FOLLOWERS.items():
        if intent.get(field):
            handler(call, intent)
