from collections.abc import Callable
from dataclasses import dataclass, field

_ROUTES = {}


@dataclass
class Route:
    handler: Callable
    definition: str | None
    accepts: frozenset
    browser: frozenset | None
    pattern: list = field(default_factory=list)

    def match(self, parts):
        """The path's variables, or None when it is another path."""
        found = {}
        for expected, part in zip(self.pattern, parts, strict=True):
            if expected.startswith("{"):
                found[expected[1:-1]] = part
            elif expected != part:
                return None
        return found


def route(method, path, definition=None, accepts="", browser=None):
    """Register a handler `(call, **path variables) -> object`.

    `definition` names the SDK's parameter type; `accepts` lists those of its fields we truly act on, the rest being
    refused rather than ignored; `browser` opens the route to publishable keys and lists what these may send.
    """
    pattern = path.strip("/").split("/")

    def register(handler):
        known = frozenset(accepts.split()) | {"expand"}
        allowed = None if browser is None else frozenset(browser.split())
        siblings = _ROUTES.setdefault((method, len(pattern)), [])
        siblings.append(Route(handler, definition, known, allowed, pattern))
        # The most literal path comes first: "create_preview" is not an invoice's id.
        siblings.sort(key=lambda each: "".join(each.pattern).count("{"))
        return handler

    return register


def find(method, path):
    """The route for a request and its path variables, or (None, None)."""
    parts = path.strip("/").split("/")
    for candidate in _ROUTES.get((method, len(parts)), []):
        found = candidate.match(parts)
        if found is not None:
            return candidate, found
    return None, None
