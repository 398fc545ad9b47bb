"""What the API's description shows beside the shapes: a review that is published, hidden and answered."""

from drf_spectacular.utils import OpenApiExample

PUBLISH = [OpenApiExample("As it was read", value={"version": 1}, request_only=True)]
HIDE = [
    OpenApiExample("Somebody is named", value={"version": 1, "reason": "Names another customer."}, request_only=True)
]
ANSWER = [
    OpenApiExample("Thank you", value={"version": 1, "text": "Thank you. See you in six weeks!"}, request_only=True),
    OpenApiExample("Take it away", value={"version": 1, "text": ""}, request_only=True),
]
