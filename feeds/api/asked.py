"""What callers may ask of calendars: bodies."""

from rest_framework import serializers

from tenants.api.serializers import StrictSerializer


class LinkIn(StrictSerializer):
    """`team_member_id` says whose visits; null or left out is everybody's."""

    name = serializers.CharField(max_length=40, help_text="What it is for, like “Ann’s phone”.")
    team_member_id = serializers.UUIDField(required=False, allow_null=True)


class CalendarIn(StrictSerializer):
    """Another calendar of a person's, at an address (https or webcal) that is read every hour."""

    name = serializers.CharField(max_length=40, help_text="Stands in the salon’s calendar: “Busy: Private”.")
    team_member_id = serializers.UUIDField()
    url = serializers.CharField(max_length=1000)
