"""What the API's description shows beside the shapes: one visit of two services, asked for, offered, explained, moved."""

from drf_spectacular.utils import OpenApiExample

CUT, COLOUR = "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c01", "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c02"
ANN, BOB = "5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a01", "5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a02"

PARTS = [
    {
        "service_id": CUT,
        "team_member_id": ANN,
        "name": "Cut",
        "start": "2027-02-10T14:00:00Z",
        "end": "2027-02-10T15:00:00Z",
        "price_cents": 5000,
        "duration_min": 60,
    },
    {
        "service_id": COLOUR,
        "team_member_id": BOB,
        "name": "Colour",
        "start": "2027-02-10T15:00:00Z",
        "end": "2027-02-10T16:30:00Z",
        "price_cents": 12000,
        "duration_min": 90,
    },
]
SLOT = {
    "start": "2027-02-10T14:00:00Z",
    "end": "2027-02-10T16:30:00Z",
    "local_label": "09:00",
    "team_members": [
        {"id": ANN, "name": "Ann", "price_cents": 5000, "duration_min": 60},
        {"id": BOB, "name": "Bob", "price_cents": 12000, "duration_min": 90},
    ],
    "services": PARTS,
    "price_cents": 17000,
}
DAYS = {"timezone": "America/New_York", "days": [{"date": "2027-02-10", "slots": [SLOT]}]}
WHY = {"code": "busy", "text": "There is a booking.", "ref": "7KQ2M9XA"}
WHO = {"service_id": CUT, "team_member_id": ANN, "team_member": "Ann"}

AVAILABILITY = [
    OpenApiExample(
        "Two services, the second with Bob",
        value={
            "service_ids": [CUT, COLOUR],
            "team_member_ids": [None, BOB],
            "start_date": "2027-02-10",
            "end_date": "2027-02-10",
        },
        request_only=True,
    ),
    OpenApiExample("Who does what when", value={"success": True, "data": DAYS}, response_only=True),
    OpenApiExample(
        "Why not",
        value={
            "success": True,
            "data": DAYS
            | {"bookable": False, "reasons": [WHO | WHY], "people": [WHO | {"bookable": False, "reasons": [WHY]}]},
        },
        response_only=True,
    ),
]
RESCHEDULE = [
    OpenApiExample("Another time", value={"start_time": "2027-02-10T17:00:00Z"}, request_only=True),
    OpenApiExample(
        "Another person for the second service, at the same time",
        value={"people": [{"position": 1, "team_member_id": ANN}]},
        request_only=True,
    ),
    OpenApiExample(
        "At short notice",
        value={"start_time": "2027-02-10T17:00:00Z", "override": ["notice"]},
        request_only=True,
    ),
]

TOM = {"service_id": CUT, "name": "Tom"}
GUESTS = [{"service_ids": [CUT, COLOUR], "team_member_ids": [None, BOB]}, TOM]
GROUP_TIMES = [
    OpenApiExample(
        "A mother and her son, at the same time",
        value={"guests": GUESTS, "order": "together", "start_date": "2027-02-10", "end_date": "2027-02-12"},
        request_only=True,
    ),
]
GROUP = [
    OpenApiExample(
        "One after another, for somebody who calls",
        value={
            "guests": GUESTS,
            "order": "after",
            "start_time": "2027-02-10T14:00:00Z",
            "customer_info": {"name": "Anna Berg", "phone": "+12125550187"},
        },
        request_only=True,
    ),
]
