"""How calendars are written in JSON."""

from rest_framework import serializers

from feeds.models import BusyCalendar, FeedLink


class LinkOut(serializers.ModelSerializer):
    """An address in use; what it is, nobody can read any more. `team_member_id` null is everybody's visits."""

    team_member_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = FeedLink
        fields = ("id", "name", "team_member_id", "created_at", "fetched_at")


class LinkMadeOut(LinkOut):
    """`url` is told here and never again."""

    url = serializers.CharField(read_only=True)

    class Meta:
        model = FeedLink
        fields = (*LinkOut.Meta.fields, "url")


class CalendarOut(serializers.ModelSerializer):
    """How it stands. Of its address only the `host` is told: the rest is a key. It is empty for a file."""

    team_member_id = serializers.UUIDField()
    host = serializers.CharField()

    class Meta:
        model = BusyCalendar
        fields = (
            "id",
            "name",
            "team_member_id",
            "host",
            "created_at",
            "read_at",
            "read_until",
            "odd",
            "failures",
            "last_error",
        )
