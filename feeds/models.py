"""Calendars that leave the salon, and busy times that come in from elsewhere."""

import uuid

from django.db import models
from django.db.models import Q


class FeedLinkQuerySet(models.QuerySet):
    def kept(self):
        """Not revoked; whoever made it may have left, and then it opens nothing."""
        return self.filter(revoked_at=None)


class FeedLink(models.Model):
    """An address that a calendar program asks again and again. Only the digest of its secret is stored.

    It lives as long as the membership it was made under, and says no more than that membership may see.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    team_member = models.ForeignKey(
        "bookings.TeamMember",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="feed_links",
        help_text="Whose visits; empty: everybody's.",
    )
    digest = models.CharField(max_length=64, unique=True)
    made_by_id = models.UUIDField(help_text="The user's id; users live outside the salon's schema.")
    membership_id = models.UUIDField(help_text="What its maker was in the salon; a later membership is another one.")
    created_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True, help_text="Last asked for, give or take an hour.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedLinkQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="feed_link_has_a_name")]

    def __str__(self):
        return self.name


class BusyCalendar(models.Model):
    """Another calendar of a person's: what is busy there cannot be booked here.

    Its times are time blocks that carry its id; its words are never kept. Its address opens somebody's calendar, and is kept
    encrypted (`feeds.sealing`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_member = models.ForeignKey(
        "bookings.TeamMember", on_delete=models.CASCADE, related_name="busy_calendars", help_text="Whose time it is."
    )
    name = models.CharField(max_length=40)
    sealed_url = models.TextField(blank=True, default="", help_text="Empty: a file, read once.")
    url_digest = models.CharField(max_length=64, blank=True, default="")
    host = models.CharField(max_length=255, blank=True, default="", help_text="What of the address may be said.")
    made_by_id = models.UUIDField(help_text="The user's id; users live outside the salon's schema.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="When it was last read without a fault.")
    read_until = models.DateField(null=True, blank=True, help_text="As far ahead as it was read.")
    odd = models.PositiveSmallIntegerField(default=0, help_text="Events in it that could not be understood.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it is asked for again.")
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="One worker at a time asks for it.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="busy_calendar_has_a_name"),
            models.CheckConstraint(condition=~Q(sealed_url="") | Q(due_at=None), name="only_addresses_are_asked_again"),
            models.CheckConstraint(
                condition=Q(sealed_url="", url_digest="") | (~Q(sealed_url="") & ~Q(url_digest="")),
                name="an_address_has_its_digest",
            ),
            models.UniqueConstraint(
                fields=["team_member", "url_digest"],
                condition=~Q(url_digest=""),
                name="one_busy_calendar_of_an_address",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="busy_calendar_due", condition=Q(due_at__isnull=False))]

    def __str__(self):
        return self.name
