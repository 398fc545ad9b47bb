from itertools import islice

from .errors import invalid

_COMPARE = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


def listing(url, items, has_more=False):
    return {"object": "list", "data": list(items), "has_more": has_more, "url": url}


def page(call, url, items, *, equal=()):
    """One page of `items` (newest first) after the request's filters and cursor.

    `equal` names the parameters that are compared with the field of the same name.
    """
    params = call.params
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid(
            "This value must be between 1 and 100 (inclusive).", code="parameter_invalid_integer", param="limit"
        )
    wanted = {name: params[name] for name in equal if name in params}
    matching = (
        item
        for item in items
        if _created_fits(item, params.get("created")) and all(item.get(name) == value for name, value in wanted.items())
    )
    if "ending_before" in params:
        before = list(_until(matching, params["ending_before"]))
        return listing(url, before[-limit:], len(before) > limit)
    if "starting_after" in params:
        _skip_to(matching, params["starting_after"])
    found = list(islice(matching, limit + 1))  # one more tells whether there is more
    return listing(url, found[:limit], len(found) > limit)


def _created_fits(item, created):
    if created is None:
        return True
    if isinstance(created, int):
        return item["created"] == created
    return all(_COMPARE[name](item["created"], bound) for name, bound in created.items())


def _until(items, object_id):
    for item in items:
        if item["id"] == object_id:
            return
        yield item
    raise _no_such(object_id, "ending_before")


def _skip_to(items, object_id):
    if not any(item["id"] == object_id for item in items):
        raise _no_such(object_id, "starting_after")


def _no_such(object_id, param):
    return invalid(f"No such object: '{object_id}'", code="resource_missing", param=param)
