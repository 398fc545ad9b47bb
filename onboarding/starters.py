"""What each kind of business begins with: hours, services, a set of terms. Pure; everything can be changed before saving."""

from dataclasses import dataclass

from tenants import industries

MORNING, EVENING = 9 * 60, 18 * 60
MONDAY_TO_FRIDAY, TUESDAY_TO_SATURDAY, ALL_WEEK = range(1, 6), range(2, 7), range(1, 8)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service to start with. `price` is in whole units of a currency like the dollar; see `price_cents`."""

    name: str
    minutes: int
    price: int
    about: str = ""

    def price_cents(self, exponent):
        """The price in minor units of a currency with so many decimal places."""
        return self.price * 10**exponent if exponent else self.price * 100


@dataclass(frozen=True, slots=True)
class Starter:
    """`hours` are (day_of_week, start_min, end_min); `policies` names one of `bookings.settings_rules.PRESETS`."""

    categories: tuple
    hours: tuple
    policies: str = "half"
    color: str = "#7c3f58"


def _week(days, start=MORNING, end=EVENING):
    return tuple((day, start, end) for day in days)


def _menu(**categories):
    return tuple((name.replace("_", " "), tuple(Offer(*row) for row in rows)) for name, rows in categories.items())


STARTERS = {
    "hair-salon": Starter(
        _menu(
            Cuts=[("Cut and finish", 45, 65), ("Trim", 30, 40), ("Blow dry", 30, 45)],
            Colour=[("Root colour", 90, 95), ("Highlights", 120, 150)],
        ),
        _week(TUESDAY_TO_SATURDAY),
    ),
    "barbershop": Starter(
        _menu(
            Barber=[
                ("Haircut", 30, 35),
                ("Beard trim", 20, 20),
                ("Haircut and beard", 45, 50),
                ("Hot towel shave", 30, 35),
            ]
        ),
        _week(TUESDAY_TO_SATURDAY, 10 * 60, 19 * 60),
        "gentle",
        "#2f4858",
    ),
    "nail-salon": Starter(
        _menu(
            Hands=[("Manicure", 40, 35), ("Gel manicure", 60, 50), ("New set", 90, 75)],
            Feet=[("Pedicure", 50, 50), ("Gel pedicure", 70, 65)],
        ),
        _week(TUESDAY_TO_SATURDAY, 10 * 60, 19 * 60),
        color="#b0476b",
    ),
    "spa": Starter(
        _menu(
            Massage=[("Relaxing massage", 60, 95), ("Deep tissue massage", 60, 110)],
            Face=[("Classic facial", 60, 90), ("Express facial", 30, 55)],
        ),
        _week(ALL_WEEK, 10 * 60, 20 * 60),
        "full",
        "#3f6b5c",
    ),
    "massage": Starter(
        _menu(Massage=[("Back and neck", 30, 55), ("Full body", 60, 90), ("Full body, long", 90, 130)]),
        _week(MONDAY_TO_FRIDAY, 10 * 60, 19 * 60),
        color="#4a6670",
    ),
    "brows-lashes": Starter(
        _menu(
            Brows=[("Brow shaping", 20, 25), ("Brow tint", 20, 20), ("Brow lamination", 45, 60)],
            Lashes=[("Lash lift and tint", 60, 75), ("Lash refill", 60, 65)],
        ),
        _week(TUESDAY_TO_SATURDAY),
        color="#7a5145",
    ),
    "beauty-studio": Starter(
        _menu(
            Face=[("Classic facial", 60, 80), ("Deep cleanse", 75, 95)],
            Waxing=[("Half leg wax", 30, 35), ("Underarm wax", 15, 18)],
        ),
        _week(TUESDAY_TO_SATURDAY),
    ),
    "tattoo-piercing": Starter(
        _menu(
            Tattoo=[("Consultation", 30, 0), ("Small piece", 60, 120), ("Half day", 240, 450)],
            Piercing=[("Ear piercing", 20, 45)],
        ),
        _week(TUESDAY_TO_SATURDAY, 11 * 60, 19 * 60),
        "full",
        "#33333f",
    ),
    "make-up": Starter(
        _menu(Make_up=[("Day make-up", 45, 65), ("Evening make-up", 60, 85), ("Bridal trial", 90, 140)]),
        _week(ALL_WEEK),
        "full",
        "#a04a5a",
    ),
    "wellness": Starter(
        _menu(Sessions=[("First session", 75, 90), ("Session", 60, 75)]), _week(MONDAY_TO_FRIDAY), color="#56734f"
    ),
    "pet-grooming": Starter(
        _menu(
            Grooming=[
                ("Bath and brush, small", 45, 45),
                ("Full groom, small", 75, 65),
                ("Full groom, large", 120, 95),
                ("Nail trim", 15, 15),
            ]
        ),
        _week(TUESDAY_TO_SATURDAY),
        "gentle",
        "#2f6690",
    ),
    "fitness-yoga": Starter(
        _menu(Training=[("Trial lesson", 45, 0), ("Personal training", 60, 70), ("Private yoga", 60, 75)]),
        _week(MONDAY_TO_FRIDAY, 7 * 60, 20 * 60),
        "gentle",
        "#3d5a80",
    ),
    industries.OTHER: Starter(
        _menu(Services=[("First visit", 60, 60), ("Visit", 45, 50)]), _week(MONDAY_TO_FRIDAY), "gentle"
    ),
}


def starter_for(text):
    """The Starter for a kind of business, said in the salon's own words or as a key of `tenants.industries`."""
    return STARTERS[industries.key_of(text or "")]
