"""Steps 1 and 3."""


def business(row, industry):
    """`row` is the Business, or the progress while there is none."""
    return {
        "business_name": row.name,
        "description": row.description,
        "legal_name": row.legal_name,
        "industry": industry,
    }


def location(business):
    return {
        "phone": str(business.phone or ""),
        "email": business.email,
        "address": {
            "line1": business.address_line1,
            "line2": business.address_line2,
            "city": business.city,
            "region": business.region,
            "postal_code": business.postal_code,
            "country": business.country,
        },
        "timezone": business.timezone,
        "currency_code": business.currency_code,
    }
