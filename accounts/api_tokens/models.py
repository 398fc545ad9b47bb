"""Keys of programs that work for a salon."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.api_tokens.scopes import Scope

MARK = "tithi_"


class APITokenQuerySet(models.QuerySet):
    def kept(self):
        """Not revoked; it may have run out, or its maker may have left."""
        return self.filter(revoked_at=None)


class APIToken(models.Model):
    """What a program shows instead of a login. Only the digest of the key is stored.

    It lives as long as the membership it was made under: who leaves and comes back has another one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40)
    prefix = models.CharField(
        max_length=8, unique=True, help_text="How the key begins; tells keys apart, opens nothing."
    )
    digest = models.CharField(max_length=64, unique=True)
    # Without choices: which scopes there are is the table's business, and a new one needs no migration.
    scopes = ArrayField(models.CharField(max_length=30))
    made_by_id = models.UUIDField(help_text="The user's id; users live outside the salon's schema.")
    made_by_label = models.CharField(max_length=200)
    membership_id = models.UUIDField(help_text="What its maker was in the salon; a later membership is another one.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = APITokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at", "pk"]
        indexes = [models.Index(fields=["made_by_id"], name="api_token_made_by")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(revoked_at=None), name="one_kept_api_token_of_a_name"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="api_token_has_a_name"),
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="api_token_has_a_scope"),
            models.CheckConstraint(
                condition=models.Q(expires_at=None) | models.Q(expires_at__gt=models.F("created_at")),
                name="api_token_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def shown_prefix(self):
        return f"{MARK}{self.prefix}"

    @property
    def scope_labels(self):
        return [Scope(scope).label for scope in self.scopes]
