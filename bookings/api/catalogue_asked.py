"""What may be written into the catalogue. With `some`, a body names some of it, and the rest stays."""

from rest_framework import serializers

from bookings.api.asked import NO_MEMBER, found
from bookings.models import Service, ServiceCategory, TeamMember
from bookings.services.catalogue import SERVICE
from tenants.api.examples import example
from tenants.api.serializers import SomeOf, StrictSerializer

NO_CATEGORY = "There is no such category."
MOST_PEOPLE, MOST_PHASES = 200, 20


@example("A heading", name="Hair", color="#7a3e65", sort_order=1)
class CategoryIn(SomeOf, serializers.ModelSerializer):
    class Meta:
        model = ServiceCategory
        fields = ("name", "description", "color", "sort_order")
        extra_kwargs = {"name": {"validators": []}}  # whether it is taken is said by who writes it


class PhaseIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=("active", "processing"))
    minutes = serializers.IntegerField(min_value=1)


class OwnTerms(StrictSerializer):
    """What differs for one person from the service's own; null, or nothing, where it does not."""

    price_cents = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    duration_min = serializers.IntegerField(min_value=1, required=False, allow_null=True)


class PerformerIn(OwnTerms):
    team_member_id = serializers.UUIDField()


class ServiceIn(SomeOf, serializers.ModelSerializer):
    """`team_members` are all who perform it; a new service without them is performed by everybody who is active."""

    category_id = serializers.UUIDField(required=False, allow_null=True)
    currency_code = serializers.CharField(required=False, help_text="The salon's, if sent.")
    phases = PhaseIn(many=True, required=False, max_length=MOST_PHASES, help_text="They add up to the duration.")
    team_members = PerformerIn(many=True, required=False, max_length=MOST_PEOPLE)

    class Meta:
        model = Service
        fields = (*(name for name in SERVICE if name != "category"), "category_id", "currency_code", "team_members")

    def validate_currency_code(self, value):
        business = self.context.get("business") or self.context["request"].tenant
        if value.upper() != business.currency_code:
            raise serializers.ValidationError(f"The salon counts in {business.currency_code}.")
        return business.currency_code


def service_of(data):
    """(columns, people or None) of a `ServiceIn`, as `services.catalogue` takes them. Raises NotFound."""
    columns = {name: value for name, value in data.items() if name in SERVICE}
    if "category_id" in data:
        [columns["category"]] = found(ServiceCategory.objects.all(), [data["category_id"]], NO_CATEGORY)
    if "team_members" not in data:
        return columns, None
    return columns, with_rows(data["team_members"], "team_member", TeamMember.objects.all(), NO_MEMBER)


def with_rows(parts, name, rows, sentence):
    """Each part with its row as `name` in place of the row's id. Raises NotFound with the sentence."""
    key = f"{name}_id"
    wanted = found(rows, [part[key] for part in parts], sentence)
    return [
        {field: value for field, value in part.items() if field != key} | {name: row}
        for part, row in zip(parts, wanted, strict=True)
    ]
