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
    matching = [
        item
        for item in items
        if _created_fits(item, params.get("created")) and all(item.get(name) == value for name, value in wanted.items())
    ]
    if "starting_after" in params:
        matching = matching[_place(matching, params["starting_after"], "starting_after") + 1 :]
    if "ending_before" in params:
        matching = matching[: _place(matching, params["ending_before"], "ending_before")]
        return listing(url, matching[-limit:], len(matching) > limit)
    return listing(url, matching[:limit], len(matching) > limit)


def _created_fits(item, created):
    if created is None:
        return True
    if isinstance(created, int):
        return item["created"] == created
    return all(_COMPARE[name](item["created"], bound) for name, bound in created.items())


def _place(items, object_id, param):
    for place, item in enumerate(items):
        if item["id"] == object_id:
            return place
    raise invalid(f"No such object: '{object_id}'", code="resource_missing", param=param)
