"""What callers ask of visits for several people: bodies, and what services take for them."""

from rest_framework import serializers
from rest_framework.exceptions import NotFound

from bookings import queries
from bookings.api.asked import ServiceChoice, basket_of, must_be_host
from bookings.availability import OVERRIDABLE
from bookings.families import FEWEST_GUESTS, MOST_GUESTS, Order
from bookings.services import Details
from tenants.api.serializers import Instant, Phone, StrictSerializer

NO_CUSTOMER = "There is no such customer."


class GuestIn(ServiceChoice):
    """One of those who come: what for and with whom, and a `name`; without one it is the customer.

    `party_size` is how many they are, where all their services are booked for several at once; a class is booked on its own.
    """

    tenant_id = None
    name = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")


class TogetherIn(StrictSerializer):
    """Who comes, in which order: all `together`, or one `after` another."""

    tenant_id = serializers.UUIDField(required=False, help_text="The host's, if sent.")
    guests = GuestIn(many=True, min_length=FEWEST_GUESTS, max_length=MOST_GUESTS)
    order = serializers.ChoiceField(choices=Order.choices, default=Order.TOGETHER)
    override = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(OVERRIDABLE)),
        required=False,
        help_text="Rules set aside knowingly; recorded with who did it.",
    )

    def validate_tenant_id(self, value):
        return must_be_host(value, self.context["request"])


class GroupTimesIn(TogetherIn):
    start_date = serializers.DateField()
    end_date = serializers.DateField()


class CustomerSaidIn(StrictSerializer):
    """Somebody who calls: a name is enough."""

    name = serializers.CharField(max_length=160)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    phone = Phone(required=False, allow_blank=True, default="")


class GroupIn(TogetherIn):
    """Who books is somebody the salon knows (`customer_id`) or is said here (`customer_info`)."""

    start_time = Instant()
    customer_id = serializers.UUIDField(required=False)
    customer_info = CustomerSaidIn(required=False)
    special_requests = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def validate(self, data):
        if ("customer_id" in data) == ("customer_info" in data):
            raise serializers.ValidationError({"customer_id": ["Send customer_id or customer_info."]})
        return data


def baskets_of(data):
    """What each of the guests wants, in order. Raises NotFound, DRF's ValidationError."""
    return [basket_of(guest) for guest in data["guests"]]


def names_of(data):
    return [" ".join(guest["name"].split()) for guest in data["guests"]]


def override_of(data):
    return frozenset(data.get("override", ()))


def customer_of(data):
    """The customer a body names, None where it says who they are. Raises NotFound."""
    if "customer_id" not in data:
        return None
    customer = queries.customers().filter(pk=data["customer_id"]).first()
    if customer is None:
        raise NotFound(NO_CUSTOMER)
    return customer


def details_of(data, customer):
    """Who books, as `take_family` takes it."""
    said = data.get("customer_info", {"name": "", "email": "", "phone": ""})
    details = Details(
        name=" ".join(said["name"].split()),
        email=said["email"].lower(),
        phone=said["phone"],
        special_requests=data["special_requests"],
    )
    return details.of_customer(customer) if customer else details
