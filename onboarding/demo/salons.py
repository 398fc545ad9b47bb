"""What the demo salons are: words and figures only."""

from dataclasses import dataclass, field

NINE_TO_FIVE = ((9 * 60, 17 * 60),)
TEN_TO_SIX = ((10 * 60, 18 * 60),)
NOON_TO_EIGHT = ((12 * 60, 20 * 60),)
SPLIT = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))


@dataclass(frozen=True)
class DemoPerson:
    """`weekly` is ISO weekday → shifts in wall minutes; `prices` are this person's own, by service name."""

    first_name: str
    last_name: str
    title: str
    bio: str
    role: str
    color: str
    weekly: dict
    services: tuple
    prices: dict = field(default_factory=dict)
    durations: dict = field(default_factory=dict)
    buffer: int = 0


@dataclass(frozen=True)
class DemoService:
    name: str
    minutes: int
    cents: int
    short: str
    instructions: str = ""
    phases: tuple = ()
    after: int = 0
    featured: bool = False
    together: bool = False
    seats: int = 1
    #: Percent of the price that the salon asks as a deposit for it; None is as the salon asks for all its services.
    deposit: int | None = None


@dataclass(frozen=True)
class DemoClass:
    """Sessions of a class that the salon puts up: every week on an ISO weekday, at a wall minute."""

    service: str
    person: str
    weekday: int
    minute: int


@dataclass(frozen=True)
class DemoSalon:
    """One salon: `fields` of its Business, its catalogue by category, its people, its closures as (days ahead, reason)."""

    slug: str
    name: str
    fields: dict
    categories: tuple
    people: tuple
    closures: tuple
    logo_letters: str
    #: (name, how many, the services that need one)
    resources: tuple = ()
    #: (first name or "" for everybody, weekly breaks as weekday → shifts)
    breaks: tuple = ()
    classes: tuple = ()


LUNA = DemoSalon(
    slug="luna",
    name="Luna Hair & Beauty",
    fields={
        "legal_name": "Luna Beauty LLC",
        "category": "Hair salon",
        "description": "A small, quiet salon in Brooklyn Heights. Cuts that grow out well, colour that looks like your own, "
        "and time for a cup of tea.",
        "email": "hello@luna.test",
        "phone": "+17185550142",
        "address_line1": "48 Henry Street",
        "city": "Brooklyn",
        "region": "NY",
        "postal_code": "11201",
        "country": "US",
        "timezone": "America/New_York",
        "currency_code": "USD",
        "primary_color": "#7c3f58",
        "secondary_color": "#d9a87e",
        "font": "serif",
        "social_links": {"Instagram": "https://www.instagram.com/"},
        "cancellation_window_hours": 24,
        "cancellation_fee_type": "percent",
        "cancellation_fee_percent": 50,
        "cancellation_text": "You can move or cancel your visit free of charge until 24 hours before it starts. "
        "After that we charge half of the price, because we can rarely fill the time again.",
        "no_show_fee_type": "percent",
        "no_show_fee_percent": 100,
        "no_show_text": "If you do not come and do not tell us, the full price is due.",
        "refund_text": "If you are not happy, tell us within seven days and we will put it right.",
        "deposit_for": "new",
        "late_arrival_min": 15,
        "sell_gift_cards": True,
        "late_arrival_text": "Please call if you are running late: up to fifteen minutes we make it fit.",
        "min_notice_min": 60,
        "horizon_days": 60,
        "max_wait_min": 15,
        "slot_step_min": 15,
        "is_public_directory": True,
    },
    categories=(
        (
            "Cut & style",
            "Every cut starts with a conversation.",
            "#7c3f58",
            (
                DemoService("Cut & blow-dry", 60, 8500, "Wash, cut and finish.", featured=True, after=5),
                DemoService("Short cut", 40, 5500, "Clippers or scissors, tidy at the neck.", after=5),
                DemoService("Blow-dry", 40, 4800, "Smooth, waves or volume."),
                DemoService("Curl class", 90, 3500, "Care and styling for your own curls, six at a table.", seats=6),
            ),
        ),
        (
            "Colour",
            "Ammonia-free colour. Please come with dry hair.",
            "#b4693f",
            (
                DemoService(
                    "Root colour",
                    120,
                    12000,
                    "Roots covered, glossed and blow-dried.",
                    "Please tell us beforehand if you react to hair colour.",
                    phases=(("active", 30), ("processing", 45), ("active", 45)),
                    after=10,
                    featured=True,
                    together=True,
                ),
                DemoService(
                    "Balayage",
                    180,
                    24000,
                    "Hand-painted light, toned to suit you.",
                    after=15,
                    together=True,
                    deposit=20,
                ),
                DemoService("Gloss & tone", 45, 6500, "Shine and tone between colours."),
            ),
        ),
        (
            "Brows & skin",
            "In the quiet room at the back.",
            "#5b7355",
            (
                DemoService("Brow shape & tint", 30, 3800, "Shaped, tinted, tidied.", together=True),
                DemoService("Express facial", 45, 7200, "Cleanse, peel, mask.", "Please come without make-up."),
            ),
        ),
    ),
    people=(
        DemoPerson(
            "Ann",
            "Keller",
            "Owner, colourist",
            "Twenty years of colour. Ann looks after balayage and anything that went wrong elsewhere.",
            "owner",
            "#7c3f58",
            {2: TEN_TO_SIX, 3: TEN_TO_SIX, 4: NOON_TO_EIGHT, 5: TEN_TO_SIX, 6: ((9 * 60, 16 * 60),)},
            ("Cut & blow-dry", "Root colour", "Balayage", "Gloss & tone"),
            prices={"Cut & blow-dry": 11000},
            durations={"Cut & blow-dry": 75},
        ),
        DemoPerson(
            "Bob",
            "Martinez",
            "Senior stylist",
            "Precise short hair, easy long hair.",
            "staff",
            "#41617a",
            {1: NINE_TO_FIVE, 2: NINE_TO_FIVE, 4: NOON_TO_EIGHT, 5: SPLIT, 6: NINE_TO_FIVE},
            ("Cut & blow-dry", "Short cut", "Blow-dry", "Root colour"),
            buffer=5,
        ),
        DemoPerson(
            "Cleo",
            "Okafor",
            "Stylist",
            "Curls, waves and the patience they need.",
            "staff",
            "#b4693f",
            {1: NOON_TO_EIGHT, 3: NOON_TO_EIGHT, 4: SPLIT, 5: NOON_TO_EIGHT, 6: NINE_TO_FIVE},
            ("Cut & blow-dry", "Short cut", "Blow-dry", "Gloss & tone", "Curl class"),
        ),
        DemoPerson(
            "Dee",
            "Lindqvist",
            "Brow & skin therapist",
            "Calm hands, honest advice.",
            "staff",
            "#5b7355",
            {2: NINE_TO_FIVE, 3: NINE_TO_FIVE, 5: TEN_TO_SIX, 6: ((10 * 60, 15 * 60),)},
            ("Brow shape & tint", "Express facial"),
        ),
    ),
    closures=((33, "Staff training"),),
    resources=(
        ("Colour chair", 2, ("Root colour", "Balayage", "Gloss & tone")),
        ("Quiet room", 1, ("Express facial",)),
    ),
    breaks=(("Dee", dict.fromkeys((2, 3, 5), ((13 * 60, 13 * 60 + 30),))),),
    classes=(DemoClass("Curl class", "Cleo", 3, 18 * 60),),
    logo_letters="L",
)

SOL = DemoSalon(
    slug="sol",
    name="Sol Barber & Spa",
    fields={
        "legal_name": "Sol Spa SARL",
        "category": "Barber & spa",
        "description": "Barbiers à l'ancienne and a small hammam, five minutes from the canal.",
        "email": "bonjour@sol.test",
        "phone": "+33144550199",
        "address_line1": "12 quai de Valmy",
        "city": "Paris",
        "postal_code": "75010",
        "country": "FR",
        "timezone": "Europe/Paris",
        "currency_code": "EUR",
        "primary_color": "#1f5d57",
        "secondary_color": "#e0b04c",
        "font": "sans",
        "cancellation_window_hours": 12,
        "cancellation_fee_type": "fixed",
        "cancellation_fee_cents": 1500,
        "cancellation_text": "Free until twelve hours before your visit; after that we charge €15.",
        "no_show_fee_type": "percent",
        "no_show_fee_percent": 50,
        "no_show_text": "If you do not come, half of the price is due.",
        "refund_text": "Write to us within seven days.",
        "min_notice_min": 30,
        "horizon_days": 45,
        "slot_step_min": 30,
        "is_public_directory": True,
    },
    categories=(
        (
            "Barber",
            "With hot towels, always.",
            "#1f5d57",
            (
                DemoService("Haircut", 30, 3200, "Scissors, clippers, hot towel.", featured=True),
                DemoService("Beard trim", 30, 2200, "Line, shape, oil."),
                DemoService("Haircut & beard", 60, 4900, "Both, unhurried."),
                DemoService("Straight-razor shave", 45, 3800, "Lather, razor, cold towel.", after=5),
            ),
        ),
        (
            "Hammam & massage",
            "Bring nothing but time.",
            "#8a5a2b",
            (
                DemoService("Hammam", 60, 4500, "Steam, black soap, kessa glove.", after=15),
                DemoService("Back massage", 30, 4000, "Shoulders, neck and back."),
                DemoService("Full massage", 60, 7200, "Slow and deep.", after=10),
                DemoService("Facial", 45, 5500, "Clay, steam, rose water."),
            ),
        ),
    ),
    people=(
        DemoPerson(
            "Omar",
            "Benali",
            "Owner, barber",
            "Opened Sol in 2015.",
            "owner",
            "#1f5d57",
            {2: SPLIT, 3: SPLIT, 4: SPLIT, 5: SPLIT, 6: TEN_TO_SIX},
            ("Haircut", "Beard trim", "Haircut & beard", "Straight-razor shave"),
        ),
        DemoPerson(
            "Lila",
            "Moreau",
            "Barber",
            "Fades and fringes.",
            "staff",
            "#8a5a2b",
            {1: NOON_TO_EIGHT, 2: NOON_TO_EIGHT, 4: NOON_TO_EIGHT, 5: NOON_TO_EIGHT, 6: TEN_TO_SIX},
            ("Haircut", "Beard trim", "Haircut & beard"),
        ),
        DemoPerson(
            "Youssef",
            "Haddad",
            "Hammam master",
            "Twenty minutes with Youssef and you sleep for ten hours.",
            "staff",
            "#41617a",
            {3: TEN_TO_SIX, 4: TEN_TO_SIX, 5: NOON_TO_EIGHT, 6: TEN_TO_SIX, 7: TEN_TO_SIX},
            ("Hammam", "Back massage", "Full massage"),
        ),
        DemoPerson(
            "Chloé",
            "Fabre",
            "Therapist",
            "Massage and facials.",
            "staff",
            "#7c3f58",
            {2: NINE_TO_FIVE, 3: NINE_TO_FIVE, 5: NINE_TO_FIVE, 6: NINE_TO_FIVE},
            ("Back massage", "Full massage", "Facial"),
            prices={"Full massage": 7800},
        ),
    ),
    closures=((40, "Inventaire"),),
    resources=(("Hammam", 1, ("Hammam",)), ("Massage room", 2, ("Back massage", "Full massage", "Facial"))),
    breaks=(("", dict.fromkeys((2, 3, 4, 5), ((13 * 60, 13 * 60 + 30),))),),
    logo_letters="S",
)

SALONS = (LUNA, SOL)
