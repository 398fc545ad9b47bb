"""What is written about people with a login, beside the login itself."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from accounts import devices
from messaging.models import Outgoing
from tenants.models import Business, Role


class AccountMessage(Outgoing):
    """A mail about somebody's account. It may carry a key to it, so its words go when it has left."""

    keeps_words = False


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Neither accepted nor called back; it may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """Somebody is asked to join a salon's team. Only the digest of the link's token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation",
            ),
            models.CheckConstraint(condition=~models.Q(role=Role.OWNER), name="nobody_invited_to_own"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None), name="invitation_ends_once"
            ),
        ]

    def __str__(self):
        return f"{self.email} as {self.get_role_display().lower()}"


class PastMembership(models.Model):
    """Where somebody once worked: that salon's records may still carry their id, and an export looks there too."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="past_memberships")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=Role)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()

    def __str__(self):
        return f"{self.user} was {self.role} of {self.business}"


class SignIn(models.Model):
    """Somebody is signed in with one browser on one host. `accounts.services.sign_ins` ends it with its session.

    The session itself lies in that host's schema; its key stands here as it does there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, null=True, related_name="+", help_text="Empty: the platform's host."
    )
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self):
        return f"{self.user} with {devices.describe(self.agent)}"


class Entry(models.Model):
    """A way from the platform into one salon: for one person, half a minute, one use. Only the token's digest is kept."""

    token_digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    methods = models.JSONField(default=list, help_text="How the person signed in on the platform.")
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["user", "business"], name="one_entry_at_a_time")]

    def __str__(self):
        return f"{self.user} enters {self.business}"
