"""What the API's description shows beside the shapes: somebody waits for two mornings, and the list is looked at anew."""

from drf_spectacular.utils import OpenApiExample

from bookings.api.examples import BOB, COLOUR, CUT

JOIN = [
    OpenApiExample(
        "Two services on one of two mornings, the second with Bob",
        value={
            "service_ids": [CUT, COLOUR],
            "team_member_ids": [None, BOB],
            "first_date": "2027-02-10",
            "last_date": "2027-02-11",
            "parts": ["morning"],
            "name": "Wanda Wait",
            "email": "wanda@example.com",
        },
        request_only=True,
    ),
    OpenApiExample(
        "Between ten and half past twelve, told by text",
        value={
            "service_id": CUT,
            "first_date": "2027-02-10",
            "last_date": "2027-02-10",
            "windows": [{"start_min": 600, "end_min": 750}],
            "name": "Wanda Wait",
            "phone": "+12125550187",
            "texts": True,
        },
        request_only=True,
    ),
]
OFFER = [OpenApiExample("A day", value={"first_date": "2027-02-10", "last_date": "2027-02-10"}, request_only=True)]
