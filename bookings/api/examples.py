"""What the API's description shows beside the shapes: one visit of two services, asked for and moved."""

from drf_spectacular.utils import OpenApiExample

CUT, COLOUR = "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c01", "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c02"
ANN, BOB = "5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a01", "5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a02"

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
