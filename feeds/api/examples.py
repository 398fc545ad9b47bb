"""What the API's description shows beside the shapes."""

from drf_spectacular.utils import OpenApiExample

from bookings.api.examples import ANN

LINK = [
    OpenApiExample("One person's visits", value={"name": "Ann’s phone", "team_member_id": ANN}, request_only=True),
    OpenApiExample("Everybody's", value={"name": "Office"}, request_only=True),
]
CALENDAR = [
    OpenApiExample(
        "A calendar at an address",
        value={"name": "Private", "team_member_id": ANN, "url": "webcal://calendar.example.com/ann.ics"},
        request_only=True,
    )
]
