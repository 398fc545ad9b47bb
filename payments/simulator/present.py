from .errors import invalid
from .store import PLATFORM

_INCLUDABLE = {}
_NESTED = (dict, list)  # asked before descending: most values are neither, and lists of a hundred objects are long

# What a publishable key may see of an object; everything else is for the server alone.
_FOR_BROWSERS = {
    "setup_intent": [
        "id",
        "object",
        "automatic_payment_methods",
        "cancellation_reason",
        "client_secret",
        "created",
        "description",
        "last_setup_error",
        "livemode",
        "next_action",
        "payment_method",
        "payment_method_types",
        "status",
        "usage",
    ],
    "payment_intent": [
        "id",
        "object",
        "amount",
        "automatic_payment_methods",
        "canceled_at",
        "cancellation_reason",
        "capture_method",
        "client_secret",
        "confirmation_method",
        "created",
        "currency",
        "description",
        "last_payment_error",
        "livemode",
        "next_action",
        "payment_method",
        "payment_method_types",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "status",
    ],
    "payment_method": ["id", "object", "allow_redisplay", "billing_details", "card", "created", "livemode", "type"],
}


def includable(kind, name):
    """Register `build(call, item)` for a field that only `expand[]` brings, such as `charge.refunds`."""

    def register(build):
        _INCLUDABLE[kind, name] = build
        return build

    return register


def plain(value):
    """A deep copy as the API shows it, without our own `_` fields."""
    if isinstance(value, dict):
        ours = "object" in value  # metadata keys may start with anything
        return {
            name: plain(item) if isinstance(item, _NESTED) else item
            for name, item in value.items()
            if not (ours and name[:1] == "_")
        }
    if isinstance(value, list):
        return [plain(item) if isinstance(item, _NESTED) else item for item in value]
    return value


def show(call, item, expand=()):
    """An object as answered, with the asked fields expanded; refuses what cannot be expanded."""
    shown = plain(item)
    for path in expand:
        _expand(call, shown, path.split("."), path)
    return for_browser(shown) if call.publishable else shown


def for_browser(value):
    """What a publishable key may see of an answer: intents and cards lose what is for the server alone."""
    if isinstance(value, list):
        return [for_browser(item) for item in value]
    if not isinstance(value, dict):
        return value
    names = _FOR_BROWSERS.get(value.get("object"))
    return {name: for_browser(item) for name, item in value.items() if names is None or name in names}


def _expand(call, node, names, path):
    name, rest = names[0], names[1:]
    if isinstance(node, list):
        for item in node:
            _expand(call, item, names, path)
        return
    build = _INCLUDABLE.get((node.get("object"), name))
    if build is not None and not isinstance(node.get(name), dict):
        node[name] = plain(build(call, node))
    if name not in node:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand[0]")
    if isinstance(node[name], str):
        node[name] = _resolved(call, node[name], path)
    if rest and node[name] is not None:
        _expand(call, node[name], rest, path)


def _resolved(call, object_id, path):
    store = call.world.store
    found = store.find(call.account, object_id) or store.find(PLATFORM, object_id)
    if found is None:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand[0]")
    return plain(found)
