"""schema.org's words for a salon: what search engines and assistants read. Pure but for the salon's own row.

https://schema.org/LocalBusiness
"""

from collections import defaultdict

from bookings.models.hours import DAY, Weekday, clock
from tenants import industries


def salon(*, business, categories, hours, picture="", more=()):
    """The front page's data block, without what is not known. `hours` are weekly shifts, `picture` an absolute address,
    `more` what others know of the salon in schema.org's words."""
    known = {name: value for each in more for name, value in each.items()}
    return _known(
        {
            "@context": "https://schema.org",
            "@type": industries.BY_KEY[industries.key_of(business.category)].schema_type,
            "@id": f"{business.public_url}/",
            "name": business.name,
            "description": business.description,
            "url": f"{business.public_url}/",
            "telephone": business.phone.as_e164 if business.phone else "",
            "email": business.email,
            "image": picture,
            "address": _address(business),
            "currenciesAccepted": business.currency_code,
            "openingHoursSpecification": opening_hours(hours),
            "sameAs": [url for url in map(str, business.social_links.values()) if url.startswith("https://")],
            "makesOffer": [_offer(business, service) for part in categories for service in part.services],
            "potentialAction": {
                "@type": "ReserveAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{business.public_url}/"},
            },
        }
        | known
    )


def opening_hours(shifts):
    """Weekly shifts as `OpeningHoursSpecification`s: overlapping ones as one, days with the same times together.

    A shift past midnight closes at an earlier time than it opens, which is how schema.org says the next day. One that
    lasts a day and a night goes to the last minute of the day: equal times would mean that nobody is there.
    """
    days = defaultdict(list)
    for weekday, spans in _merged(shifts).items():
        for start, end in spans:
            closes = "23:59" if end - start >= DAY or end == DAY else clock(end % DAY)
            days[(clock(start), closes)].append(Weekday(weekday).label)
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": opens, "closes": closes}
        for (opens, closes), names in days.items()
    ]


def _merged(shifts):
    """ISO weekday → (start, end) in minutes: several people's shifts are one opening where they touch."""
    spans = defaultdict(list)
    for shift in sorted(shifts, key=lambda shift: (shift.day_of_week, shift.start_min, shift.end_min)):
        day = spans[shift.day_of_week]
        if day and shift.start_min <= day[-1][1]:
            day[-1] = (day[-1][0], max(day[-1][1], shift.end_min))
        else:
            day.append((shift.start_min, shift.end_min))
    return spans


def _address(business):
    parts = {
        "streetAddress": ", ".join(filter(None, [business.address_line1, business.address_line2])),
        "addressLocality": business.city,
        "addressRegion": business.region,
        "postalCode": business.postal_code,
    }
    if not any(parts.values()):
        return {}
    return {"@type": "PostalAddress", **_known(parts), "addressCountry": business.country}


def _offer(business, service):
    """A service and what it costs; one that costs more with some people says its lowest price."""
    price = str(service.price_from.decimal)
    if service.price_varies:
        amount = {
            "priceSpecification": {
                "@type": "PriceSpecification",
                "minPrice": price,
                "priceCurrency": business.currency_code,
            }
        }
    else:
        amount = {"price": price, "priceCurrency": business.currency_code}
    return {
        "@type": "Offer",
        **amount,
        "itemOffered": _known(
            {
                "@type": "Service",
                "name": service.name,
                "description": service.short_description or service.description,
            }
        ),
    }


def _known(values):
    return {name: value for name, value in values.items() if value}
