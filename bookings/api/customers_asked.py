"""What may be asked about customers, and written of them."""

from django.db.models.functions import Lower
from django.utils import timezone
from django_filters import rest_framework as filters
from rest_framework import serializers

from bookings import queries
from bookings.api.asked import member_of
from bookings.models import Customer
from bookings.queries.customers import KINDS, LAPSED_DAYS
from bookings.services.customers.merging import CHOICES
from tenants.api.examples import example
from tenants.api.serializers import Phone, SomeOf, StrictSerializer

#: Columns by the names the API has for them.
COLUMNS = {"name": "display_name", "email": "email", "phone": "phone", "notes": "notes"}
TAKE = {"name": "display_name", "email": "email", "phone": "phone", "preferred_team_member_id": "preferred_member"}


class ByName(filters.OrderingFilter):
    """Names as people sort them, and everything else with the id behind it: pages do not overlap."""

    def filter(self, rows, value):
        if not value:
            return rows
        by_name = {"display_name": Lower("display_name").asc(), "-display_name": Lower("display_name").desc()}
        ordered = [by_name.get(self.get_ordering_value(each), self.get_ordering_value(each)) for each in value]
        return rows.order_by(*ordered, "pk")


class CustomerFilter(filters.FilterSet):
    search = filters.CharFilter(
        method="find", max_length=100, help_text="Words of the name or e-mail, or a phone number however written."
    )
    kind = filters.ChoiceFilter(
        method="narrow",
        choices=[(kind, kind) for kind in KINDS],
        help_text="`lapsed`: came once, not within `lapsed_days`, and has no visit ahead.",
    )
    lapsed_days = filters.NumberFilter(method="only_said", min_value=1, max_value=3650, help_text="90 unless said.")
    marketing_opt_in = filters.BooleanFilter()
    ordering = ByName(fields={"display_name": "name", "created_at": "created_at"})

    class Meta:
        model = Customer
        fields = ()

    def find(self, rows, name, value):
        return queries.searched(rows, value)

    def narrow(self, rows, name, value):
        days = int(self.form.cleaned_data.get("lapsed_days") or LAPSED_DAYS)
        return queries.of_kind(rows, value, now=timezone.now(), days=days)

    def only_said(self, rows, name, value):
        """Read by `narrow`."""
        return rows


@example(
    "Somebody who calls",
    name="Anna Berg",
    email="anna@example.com",
    phone="+12125550187",
    notes="Allergic to ammonia.",
)
class CustomerIn(SomeOf):
    """Consent to news is not among it: only the customer gives it, when booking."""

    name = serializers.CharField(max_length=160)
    email = serializers.EmailField(required=False, allow_blank=True)
    phone = Phone(required=False, allow_blank=True)
    notes = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, help_text="What lasts. For staff only."
    )
    preferred_team_member_id = serializers.UUIDField(required=False, allow_null=True)


@example("After a visit", text="Was happy with the shorter fringe.")
class NoteIn(StrictSerializer):
    text = serializers.CharField(max_length=4000)


@example(
    "Their newer telephone number stays",
    other_id="3a7d1c9e-5b2f-4e80-9d64-8f1a2b3c4d01",
    take=["phone"],
)
class MergeIn(StrictSerializer):
    other_id = serializers.UUIDField(help_text="Who becomes part of the customer in the address.")
    take = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(TAKE)),
        required=False,
        max_length=len(CHOICES),
        help_text="What stays as the other has it.",
    )


def columns_of(data):
    """A body as the verbs take it. Raises NotFound for a person who is not there."""
    fields = {COLUMNS[name]: value for name, value in data.items() if name in COLUMNS}
    if "preferred_team_member_id" in data:
        fields["preferred_member"] = member_of(data["preferred_team_member_id"])
    return fields


def take_of(data):
    return [TAKE[name] for name in data.get("take", ())]
