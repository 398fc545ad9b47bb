"""Request parameters, checked against the official SDK's own typed definitions."""

import importlib
import re
import sys
import types
import typing
from decimal import Decimal, InvalidOperation
from functools import cache

import typing_extensions
from stripe._request_options import RequestOptions

from .errors import ParameterError

_NOT_SENT = frozenset(RequestOptions.__annotations__)
_WRAPPERS = {typing.NotRequired, typing.Required, typing_extensions.NotRequired, typing_extensions.Required}
_LITERALS = {typing.Literal, typing_extensions.Literal}


def check(name, params):
    """Return `params` with their real types; raise what Stripe answers to a wrong name, type or value.

    `name` is a definition of `stripe.params`, such as `RefundCreateParams` or `checkout.SessionCreateParams`.
    """
    return _definition(name)(params, "")


def is_known(name, param):
    """Whether Stripe has a top-level parameter of that name here, supported by us or not."""
    return param in _definition(name).fields


@cache
def _definition(name):
    *packages, title = name.split(".")
    file = "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", title).lower()
    module = importlib.import_module(".".join(["stripe.params", *packages, file]))
    return _hash_of(getattr(module, title))


@cache
def _hash_of(definition):
    return Hash(definition)


class Hash:
    """The fields of one typed definition; nested ones are compiled when first used."""

    def __init__(self, definition):
        self._namespace = vars(sys.modules[definition.__module__])
        self.fields = {name: hint for name, hint in definition.__annotations__.items() if name not in _NOT_SENT}
        self._required = [name for name in self.fields if name in definition.__required_keys__]
        self._checks = {}

    def __call__(self, value, path):
        if not isinstance(value, dict):
            raise ParameterError("Invalid object", param=path)
        for name in value:
            if name not in self.fields:
                param = _inside(path, name)
                raise ParameterError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
        for name in self._required:
            if name not in value:
                param = _inside(path, name)
                raise ParameterError(f"Missing required param: {param}.", code="parameter_missing", param=param)
        return {name: self._check_of(name)(item, _inside(path, name)) for name, item in value.items()}

    def _check_of(self, name):
        if name not in self._checks:
            self._checks[name] = Choice(_alternatives(self.fields[name], self._namespace))
        return self._checks[name]


class Choice:
    """One value that may have several types, tried in the order of certainty.

    The SDK writes an enum as `Literal[…] | str` to stay open for later values; Stripe's door is closed, and so is ours.
    """

    def __init__(self, alternatives):
        self.hash = next((item for item in alternatives if isinstance(item, Hash)), None)
        self.words = [item for kind, item in _pairs(alternatives) if kind == "word"]
        self.element = next((item for kind, item in _pairs(alternatives) if kind == "list"), None)
        self.values = next((item for kind, item in _pairs(alternatives) if kind == "map"), None)
        self.plain = {item for item in alternatives if isinstance(item, type)}
        self.enum = [word for word in self.words if word != ""]

    def __call__(self, value, path):
        if isinstance(value, list):
            return self._list(value, path)
        if isinstance(value, dict):
            return self._object(value, path)
        return self._scalar(value, path)

    def _list(self, value, path):
        if self.element is not None:
            return [self.element(item, _inside(path, index)) for index, item in enumerate(value)]
        if self.values is not None:
            return self._object({str(index): item for index, item in enumerate(value)}, path)
        raise self._wrong("array", path)

    def _object(self, value, path):
        if self.hash is not None:
            return self.hash(value, path)
        if self.values is not None:
            return {
                name: item if item == "" else self.values(item, _inside(path, name)) for name, item in value.items()
            }
        raise self._wrong("object", path)

    def _scalar(self, value, path):
        if value in self.words:
            return value
        for convert in (_boolean, _integer, _number):
            found = convert(value, self.plain)
            if found is not None:
                return found
        if str in self.plain and not self.enum:
            return _text(value, path)
        if self.enum:
            allowed = ", ".join(self.enum[:-1]) + (", or " if self.enum[1:] else "") + self.enum[-1]
            raise ParameterError(f"Invalid {path}: must be one of {allowed}", param=path)
        if int in self.plain:
            raise ParameterError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        raise self._wrong("boolean: " + value if bool in self.plain else "value", path)

    def _wrong(self, what, path):
        return ParameterError(f"Invalid {what}", param=path)


def _inside(path, name):
    return f"{path}[{name}]" if path else str(name)


def _pairs(alternatives):
    return [item for item in alternatives if isinstance(item, tuple)]


def _text(value, path):
    if value == "":
        raise ParameterError(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
            f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a "
            "non-empty value.",
            code="parameter_invalid_empty",
            param=path,
        )
    return value


def _boolean(value, plain):
    return {"true": True, "false": False}.get(value) if bool in plain else None


def _integer(value, plain):
    return int(value) if int in plain and re.fullmatch(r"-?\d{1,18}", value) else None


def _number(value, plain):
    if not plain & {float, Decimal}:
        return None
    try:
        return value if Decimal in plain and Decimal(value).is_finite() else float(value)
    except (InvalidOperation, ValueError):
        return None


def _alternatives(hint, namespace):
    """Flatten a type hint: classes, `Hash`es, and ("word" | "list" | "map", what) pairs."""
    if isinstance(hint, str):
        return _alternatives(eval(hint, namespace), namespace)  # noqa: S307 -- the installed SDK's own annotations
    if isinstance(hint, typing.ForwardRef):
        return _alternatives(hint.__forward_arg__, namespace)
    if typing_extensions.is_typeddict(hint):
        return [_hash_of(hint)]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in _WRAPPERS:
        return _alternatives(arguments[0], namespace)
    if origin in _LITERALS:
        return [("word", word) for word in arguments]
    if origin in (typing.Union, types.UnionType):
        return [item for argument in arguments for item in _alternatives(argument, namespace)]
    if origin is list:
        return [("list", Choice(_alternatives(arguments[0], namespace)))]
    if origin is not None:  # Dict[str, X], Mapping[str, X] and the SDK's UntypedStripeObject[X]
        return [("map", Choice(_alternatives(arguments[-1], namespace)))]
    return [str if hint is typing.Any else hint]
