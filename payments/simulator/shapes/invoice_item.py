def sold_item(call, customer, item):
    """The invoice item of something sold once, out of a checkout session's line item."""
    price = item["price"]
    made = call.add(
        "invoiceitem",
        "ii",
        {
            "amount": item["amount_total"],
            "currency": price["currency"],
            "customer": customer["id"],
            "customer_account": None,
            "date": call.now,
            "description": item["description"],
            "discountable": True,
            "discounts": [],
            "invoice": None,
            "metadata": {},
            "net_amount": item["amount_total"],
            "parent": None,
            "period": {"start": call.now, "end": call.now},
            "pricing": {
                "price_details": {"price": price["id"], "product": price["product"]},
                "type": "price_details",
                "unit_amount_decimal": price["unit_amount_decimal"],
            },
            "proration": False,
            "proration_details": {"discount_amounts": []},
            "quantity": item["quantity"],
            "quantity_decimal": str(item["quantity"]),
            "tax_rates": [],
            "test_clock": None,
            "_subscription": None,
        },
    )
    del made["created"]
    call.emit("invoiceitem.created", made)
    return made
