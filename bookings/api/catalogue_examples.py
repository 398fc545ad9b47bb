"""What the API's description shows beside the shapes of the catalogue and the team."""

from drf_spectacular.utils import OpenApiExample

from bookings.api.examples import ANN, BOB, CUT

SERVICE = [
    OpenApiExample(
        "A cut, longer and dearer with Bob",
        value={
            "name": "Cut",
            "duration_min": 45,
            "price_cents": 5000,
            "buffer_after_min": 10,
            "team_members": [
                {"team_member_id": ANN},
                {"team_member_id": BOB, "price_cents": 6500, "duration_min": 60},
            ],
        },
        request_only=True,
    ),
    OpenApiExample(
        "Colour: somebody else may be served while it works",
        value={
            "name": "Colour",
            "duration_min": 120,
            "price_cents": 12000,
            "phases": [
                {"kind": "active", "minutes": 30},
                {"kind": "processing", "minutes": 45},
                {"kind": "active", "minutes": 45},
            ],
        },
        request_only=True,
    ),
]
DEARER = [OpenApiExample("Another price", value={"price_cents": 5500}, request_only=True)]
MEMBER = [
    OpenApiExample(
        "A stylist who cuts",
        value={"first_name": "Ann", "last_name": "Berg", "title": "Stylist", "services": [{"service_id": CUT}]},
        request_only=True,
    )
]
WEEK = [
    OpenApiExample(
        "Monday by day, Saturday until two in the morning",
        value={
            "availabilities": [
                {"day_of_week": 1, "start_time": "09:00", "end_time": "17:00"},
                {"day_of_week": 6, "start_time": "20:00", "end_time": "26:00"},
            ]
        },
        request_only=True,
    ),
    OpenApiExample(
        "Cuts on Tuesday mornings only",
        value={
            "service_id": CUT,
            "availabilities": [{"day_of_week": 2, "start_time": "09:00", "end_time": "12:00"}],
        },
        request_only=True,
    ),
]
SPECIAL_DAY = [
    OpenApiExample(
        "Mornings only",
        value={"date": "2027-12-24", "shifts": [{"start_time": "09:00", "end_time": "13:00"}], "reason": "Christmas"},
        request_only=True,
    ),
    OpenApiExample("A day off", value={"date": "2027-12-27", "shifts": []}, request_only=True),
]
TIME_BLOCK = [
    OpenApiExample(
        "Ill for an afternoon",
        value={"starts_at": "2027-02-10T17:00:00Z", "ends_at": "2027-02-10T22:00:00Z", "reason": "Ill"},
        request_only=True,
    )
]
CLOSURE = [
    OpenApiExample(
        "Over the holidays",
        value={"start_date": "2027-12-25", "end_date": "2027-12-26", "reason": "Christmas"},
        request_only=True,
    )
]
