"""Step 6 for programs: one category and its services a call, as often as there are categories."""

from rest_framework import serializers

from bookings.api.catalogue_asked import CategoryIn, ServiceIn, service_of
from onboarding import services
from onboarding.api.frame import StepIn, step
from onboarding.csv_import import key
from onboarding.services import RowsRefused
from tenants.api.errors import details_of
from tenants.api.examples import example

MOST_AT_ONCE = 200


class OfferIn(ServiceIn):
    """A service of the category; one that has this name there already is changed."""

    class Meta(ServiceIn.Meta):
        fields = tuple(name for name in ServiceIn.Meta.fields if name != "category_id")

    category_id = None

    def validate_currency_code(self, value):
        return value.upper()  # whose salon it is, is known later


class HeadingIn(CategoryIn):
    """A category that has this name already is used again. Without a name the services stand under none."""

    name = serializers.CharField(max_length=80, allow_blank=True)
    services = OfferIn(many=True, max_length=MOST_AT_ONCE)

    class Meta(CategoryIn.Meta):
        fields = (*CategoryIn.Meta.fields, "services")

    def validate_services(self, value):
        if len({key("", each["name"]) for each in value}) < len(value):
            raise serializers.ValidationError("Name each service once.")
        return value


@example(
    "A heading with a service",
    category={
        "name": "Hair",
        "color": "#7a3e65",
        "services": [{"name": "Cut", "duration_min": 45, "price_cents": 5000, "buffer_after_min": 10}],
    },
)
class MenuIn(StepIn):
    category = HeadingIn()


@step(6, MenuIn)
def menu(at, *, category):
    """Make or change a category and services of it, by name. The answer adds `category_id` and `service_ids`, in order."""
    offers = [_offer(at, fields) for fields in category.pop("services")]
    heading, kept = services.save_category(category=category, services=offers, **at.told)
    return {"category_id": heading and str(heading.pk), "service_ids": [str(service.pk) for service in kept]}


def _offer(at, fields):
    """A service as `save_category` takes it."""
    currency = at.business.currency_code
    if fields.get("currency_code", currency) != currency:
        raise serializers.ValidationError({"category": {"services": [f"The salon counts in {currency}."]}})
    columns, people = service_of(fields)
    return columns | {"team_members": people}


@details_of.register
def _(exc: RowsRefused):
    """Beside each service what is wrong with it, as the body's own checks have it."""
    said = {
        str(place): {name or "non_field_errors": [sentence] for name, sentence in sentences.items()}
        for place, sentences in exc.rows.items()
    }
    return {"errors": {"category": {"services": said}}}
