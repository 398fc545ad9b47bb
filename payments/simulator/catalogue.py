"""Products and prices, which may each be made along with the other."""

from decimal import ROUND_HALF_UP, Decimal

from .currencies import check_currency
from .errors import invalid
from .fields import merged_metadata, with_defaults


def new_product(call, params):
    """A product, with its default price when `default_price_data` is given."""
    product = call.add(
        "product",
        "prod",
        with_defaults(
            params,
            active=True,
            description=None,
            images=[],
            marketing_features=[],
            shippable=None,
            statement_descriptor=None,
            tax_code=None,
            unit_label=None,
            url=None,
        )
        | {
            "attributes": [],
            "default_price": None,
            "metadata": merged_metadata({}, params),
            "name": params["name"],
            "package_dimensions": None,
            "type": "service",
            "updated": call.now,
        },
        object_id=params.get("id"),
    )
    if "default_price_data" in params:
        product["default_price"] = new_price(call, params["default_price_data"], product["id"])["id"]
    call.emit("product.created", product)
    return product


def new_price(call, params, product_id):
    """A price of a product; raises when no amount is given or the lookup key is taken."""
    amount = _amount(params)
    _check_lookup_key(call, params.get("lookup_key"))
    recurring = params.get("recurring")
    price = call.add(
        "price",
        "price",
        with_defaults(params, active=True, lookup_key=None, nickname=None, tax_behavior="unspecified")
        | {
            "billing_scheme": "per_unit",
            "currency": check_currency(params["currency"]),
            "custom_unit_amount": None,
            "metadata": merged_metadata({}, params),
            "product": product_id,
            "recurring": recurring and _recurring(recurring),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            "unit_amount": int(amount) if amount == int(amount) else None,
            "unit_amount_decimal": str(amount),
        },
    )
    call.emit("price.created", price)
    return price


def amount_of(price, quantity):
    """What a number of units costs, half up where a unit has parts of a cent."""
    exact = Decimal(price["unit_amount_decimal"]) * quantity
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _amount(params):
    given = [params[name] for name in ("unit_amount", "unit_amount_decimal") if name in params]
    if len(given) != 1:
        raise invalid(
            "You must pass exactly one of `unit_amount` or `unit_amount_decimal`.",
            code="parameter_missing",
            param="unit_amount",
        )
    amount = Decimal(str(given[0]))
    if amount < 0:
        raise invalid(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param="unit_amount"
        )
    return amount


def _check_lookup_key(call, key):
    if key and any(price["lookup_key"] == key for price in call.every("price")):
        raise invalid(f"A price already uses the lookup key `{key}`.", param="lookup_key")


def _recurring(given):
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count", 1),
        "meter": None,
        "trial_period_days": given.get("trial_period_days"),
        "usage_type": given.get("usage_type", "licensed"),
    }
