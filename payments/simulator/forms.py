import re
from urllib.parse import parse_qsl

from .errors import ParameterError

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)\Z")


def decode(text):
    """Stripe's form encoding, `a[b][0]=1&expand[]=x`, as nested dicts and lists of strings."""
    root = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        match = _KEY.match(key)
        if match is None:
            raise ParameterError(f"Invalid parameter name: {key}", param=key)
        path = [match.group(1), *re.findall(r"\[([^\[\]]*)\]", match.group(2))]
        _put(root, path, value, key)
    return {name: _lists(value) for name, value in root.items()}


def _put(node, path, value, key):
    for part in path[:-1]:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            raise ParameterError(f"Invalid hash: {key}", param=key)
    last = path[-1] or str(len(node))
    node[last] = value


def _lists(value):
    if not isinstance(value, dict):
        return value
    items = {name: _lists(item) for name, item in value.items()}
    if items and all(name.isdigit() for name in items):
        return [items[name] for name in sorted(items, key=int)]
    return items
