"""What a change of settings would do, in JSON. Nobody's name is in it: who comes is read with the bookings."""

from datetime import UTC, datetime

from rest_framework import serializers

from bookings.api.shapes import iso

#: So many visits are named; all of them are counted.
MOST_NAMED = 200


class OutsideOut(serializers.Serializer):
    id = serializers.UUIDField()
    confirmation_number = serializers.CharField(source="ref")
    service_name = serializers.CharField()
    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()


class StartsOut(serializers.Serializer):
    """The starts of one service on one date of the salon's that customers would be offered, and would not be any more."""

    service_id = serializers.UUIDField()
    service_name = serializers.CharField()
    date = serializers.DateField()
    appear = serializers.ListField(child=serializers.DateTimeField())
    vanish = serializers.ListField(child=serializers.DateTimeField())


class ChangeOut(serializers.Serializer):
    """`outside` names the first 200 visits that would be left without their time; they stay as booked until they are moved.

    Starts are compared from `start_date` to `end_date`, whoever does the visit.
    """

    saved = serializers.BooleanField()
    token = serializers.CharField(help_text="Good for an hour, in this salon, for this change.")
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    visits_outside = serializers.IntegerField()
    outside = OutsideOut(many=True)
    starts_vanish = serializers.IntegerField()
    starts_appear = serializers.IntegerField()
    starts = StartsOut(many=True)


def shown(preview, *, saved):
    """A Preview as `ChangeOut` has it."""
    difference = preview.difference
    starts = [
        {
            "service_id": str(service),
            "service_name": preview.services[service],
            "date": day.isoformat(),
            "appear": _instants(shift.appear),
            "vanish": _instants(shift.vanish),
        }
        for (service, day), shift in difference.starts.items()
    ]
    return {
        "saved": saved,
        "token": preview.token,
        "start_date": preview.period.first.isoformat(),
        "end_date": preview.period.last.isoformat(),
        "visits_outside": len(difference.outside),
        "outside": OutsideOut(preview.visits.prefetch_related("items")[:MOST_NAMED], many=True).data,
        "starts_vanish": difference.vanish,
        "starts_appear": difference.appear,
        "starts": sorted(starts, key=lambda each: (each["date"], each["service_name"], each["service_id"])),
    }


def _instants(seconds):
    return [iso(datetime.fromtimestamp(each, UTC)) for each in seconds]
