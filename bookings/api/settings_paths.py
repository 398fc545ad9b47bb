"""Where each setting of the salon stands in the API's body: column → path. Reading and writing both go by it."""

from bookings.services.policies import POLICIES
from bookings.services.profile import PROFILE
from bookings.services.settings import RULES

ADDRESS = ("city", "region", "postal_code", "country")
POLICY_PATHS = {
    **{
        f"{column}_{name}": (block, name)
        for block, column in (("cancellation", "cancellation"), ("no_show", "no_show"))
        for name in ("fee_type", "fee_cents", "fee_percent", "text")
    },
    "cancellation_window_hours": ("cancellation", "window_hours"),
    "late_arrival_min": ("late_arrival", "after_min"),
    "late_arrival_text": ("late_arrival", "text"),
    "refund_text": ("refund", "text"),
    "deposit_type": ("deposit", "fee_type"),
    "deposit_cents": ("deposit", "fee_cents"),
    "deposit_percent": ("deposit", "fee_percent"),
    "deposit_for": ("deposit", "asked_of"),
    "require_card": ("card", "required"),
    "hold_near_visits": ("card", "hold_near_visits"),
    "sell_gift_cards": ("gift_cards", "sold_online"),
    "gift_card_months": ("gift_cards", "valid_months"),
    "gift_cards_pay_fees": ("gift_cards", "pay_fees"),
}
PATHS = {
    **{column: ("policies", *path) for column, path in POLICY_PATHS.items()},
    **{column: ("booking", column) for column in RULES if column != "timezone"},
    **{column: (column,) for column in (*PROFILE, "timezone") if column not in ADDRESS},
    **{column: ("address", column) for column in ADDRESS},
    "address_line1": ("address", "line1"),
    "address_line2": ("address", "line2"),
}


def nested(values, paths=PATHS):
    """Column → value as the body has them."""
    body = {}
    for column, path in paths.items():
        if column not in values:
            continue
        place = body
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = values[column]
    return body


def flat(body, paths=PATHS):
    """The columns a body names, with their values."""
    found = {column: _at(body, path) for column, path in paths.items()}
    return {column: values[0] for column, values in found.items() if values}


def _at(body, path):
    """[the value at the path], [] where the body says nothing about it."""
    for name in path:
        if name not in body:
            return []
        body = body[name]
    return [body]


def chosen(changes, columns):
    return {column: value for column, value in changes.items() if column in columns}


def of_kinds(changes):
    """The changes as `change_settings` takes them."""
    return {
        "rules": chosen(changes, RULES),
        "policies": chosen(changes, POLICIES),
        "profile": chosen(changes, PROFILE),
    }
