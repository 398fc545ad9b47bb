"""Small rules that many resources share."""

from .errors import ParameterError, invalid

_MOST_KEYS, _LONGEST_KEY, _LONGEST_VALUE = 50, 40, 500


def merged_metadata(current, params):
    """Metadata after a request: an empty value removes its key, an empty `metadata` removes all."""
    given = params.get("metadata", {})
    if given == "":
        return {}
    for key, value in given.items():
        if len(key) > _LONGEST_KEY or len(value) > _LONGEST_VALUE:
            raise invalid(
                f"Metadata keys may have up to {_LONGEST_KEY} characters and values up to {_LONGEST_VALUE}.",
                param=f"metadata[{key}]",
            )
    merged = {key: value for key, value in {**current, **given}.items() if value != ""}
    if len(merged) > _MOST_KEYS:
        raise invalid(f"You can have up to {_MOST_KEYS} metadata keys.", param="metadata")
    return merged


def only(params, name, *known):
    """The nested parameter `name`; one of its fields that we do not act on is refused rather than ignored."""
    given = params.get(name) or {}
    for field in given:
        if field not in known:
            raise unsupported(f"{name}[{field}]")
    return given


def unsupported(param):
    """The refusal of a parameter that Stripe has and we have not."""
    message = f"Received unknown parameter: {param}. Stripe has it, this simulator does not support it."
    return ParameterError(message, code="parameter_unknown", param=param)


def taken(params, *names):
    """The named parameters that were sent, an empty string meaning "unset"."""
    return {name: None if params[name] == "" else params[name] for name in names if name in params}


def with_defaults(params, **defaults):
    """`defaults`, overridden by what was sent."""
    return defaults | taken(params, *defaults)
