import uuid
import zoneinfo
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now, Upper
from phonenumber_field.modelfields import PhoneNumberField

from bookings import families, recurring
from tenants import languages
from tenants.money import Money


class Status(models.TextChoices):
    """A booking's life; `services.status` holds the allowed moves and is the only writer."""

    HOLD = "hold"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in", "Checked in"
    COMPLETED = "completed"
    NO_SHOW = "no_show", "No-show"
    CANCELED = "canceled", "Cancelled"
    FAILED = "failed"
    EXPIRED = "expired"


#: A visit in one of these states is still to come, or going on.
OPEN = (Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN)


class Source(models.TextChoices):
    ONLINE = "online"
    STAFF = "staff"
    DEMO = "demo"
    IMPORT = "import"
    SAMPLE = "sample"


class Booking(models.Model):
    """A visit: promised time, frozen price and terms. Instants are UTC; `booking_tz` is the salon's zone then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.CharField(max_length=12, unique=True, help_text="The confirmation number people read out.")
    customer = models.ForeignKey(
        "bookings.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.PROTECT, related_name="bookings")
    service_snapshot = models.JSONField(default=dict, help_text="The service as it was when booked.")
    attendee_count = models.PositiveSmallIntegerField(default=1)

    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    booking_tz = models.CharField(max_length=64)
    local_date = models.DateField(help_text="The date on the salon's wall when the visit starts.")
    local_time = models.TimeField(help_text="The time on the salon's wall when the visit starts.")

    status = models.CharField(max_length=12, choices=Status)
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    price_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    card_required = models.BooleanField(default=False)

    contact_name = models.CharField(max_length=160, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = PhoneNumberField(blank=True)
    for_name = models.CharField(
        "for somebody else", max_length=160, blank=True, help_text="Who comes, where that is not who booked."
    )
    special_requests = models.TextField(blank=True, max_length=1000)
    language = models.CharField(
        max_length=2, blank=True, choices=languages.CHOICES, help_text="What its customer reads; empty: the salon's."
    )
    customer_tz = models.CharField(
        max_length=64, blank=True, help_text="The time zone of whoever booked, by their browser; empty: unknown."
    )
    marketing_opt_in = models.BooleanField(default=False)
    texts_agreed_at = models.DateTimeField(
        "agreed to texts", null=True, blank=True, help_text="To text messages about this visit, to its number."
    )
    consent = models.JSONField(
        default=dict, help_text="Policy text and hash, price, fees as dates and amounts, address, instant."
    )

    series = models.ForeignKey(
        "bookings.Series", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    series_number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Which visit of its series.")
    family = models.ForeignKey(
        "bookings.Family", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    family_number = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Whose visit of its family.")
    source = models.CharField(max_length=8, choices=Source, default=Source.ONLINE)
    overrides = models.JSONField(
        default=list, blank=True, help_text="Rules staff set aside knowingly, with who and when."
    )
    browser_key = models.CharField(max_length=64, blank=True, help_text="Digest of the visitor's session.")
    client_address = models.GenericIPAddressField(null=True, blank=True)
    client_key = models.CharField(max_length=128, null=True, blank=True, unique=True)
    params_hash = models.CharField(max_length=64, blank=True)

    moved_from = models.JSONField(
        null=True, blank=True, help_text="Where the visit was before its last move, so that the move can be undone."
    )
    sequence = models.PositiveSmallIntegerField(default=0, help_text="Revision of the calendar entry (RFC 5545).")
    no_show_flag = models.BooleanField(default=False)
    cancellation_fee_cents = models.PositiveIntegerField(
        default=0, help_text="Owed by the accepted terms for cancelling late; charged by staff only."
    )
    cancellation_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    canceled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-start_at"]
        constraints = [
            models.CheckConstraint(condition=Q(start_at__lt=F("end_at")), name="booking_order"),
            models.CheckConstraint(
                condition=~Q(status="hold") | Q(hold_expires_at__isnull=False), name="hold_has_expiry"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["hold", "expired", "failed"]) | Q(customer__isnull=False),
                name="booking_has_customer",
            ),
            models.CheckConstraint(condition=Q(attendee_count__gte=1), name="booking_party"),
            models.UniqueConstraint(fields=["series", "series_number"], name="booking_series_number"),
            models.CheckConstraint(
                condition=Q(series__isnull=True, series_number__isnull=True)
                | Q(
                    series__isnull=False,
                    series_number__isnull=False,  # a check that is unknown passes
                    series_number__gte=1,
                    series_number__lte=recurring.MOST_VISITS,
                ),
                name="booking_in_series",
            ),
            models.UniqueConstraint(fields=["family", "family_number"], name="booking_family_number"),
            models.CheckConstraint(
                condition=Q(family__isnull=True, family_number__isnull=True)
                | Q(
                    family__isnull=False,
                    family_number__isnull=False,
                    family_number__gte=1,
                    family_number__lte=families.MOST_GUESTS,
                ),
                name="booking_in_family",
            ),
        ]
        indexes = [
            models.Index(fields=["-start_at"], name="booking_start"),
            models.Index(fields=["team_member", "start_at"], name="booking_member_start"),
            models.Index(fields=["customer", "-start_at"], name="booking_customer_start"),
            # Figures add up years of visits: they read this, not the wide rows.
            models.Index(
                fields=["local_date"],
                include=[
                    "id",
                    "status",
                    "source",
                    "team_member",
                    "customer",
                    "start_at",
                    "cancellation_fee_cents",
                    "price_cents",
                    "currency_code",
                ],
                name="booking_figures",
            ),
            models.Index(
                fields=["hold_expires_at"],
                name="booking_running_out",
                condition=Q(status__in=["hold", "pending"], hold_expires_at__isnull=False),
            ),
            # Lists by state, and of what is over or still to come.
            models.Index(fields=["status", "-start_at"], name="booking_status_start"),
            models.Index(fields=["end_at"], name="booking_end"),
            # Finds a part of a word (`queries.finding`), whatever its case.
            GinIndex(
                OpClass(Upper("ref"), name="gin_trgm_ops"),
                OpClass(Upper("contact_name"), name="gin_trgm_ops"),
                OpClass(Upper("contact_email"), name="gin_trgm_ops"),
                OpClass(F("contact_phone"), name="gin_trgm_ops"),
                name="booking_search",
            ),
        ]

    def __str__(self):
        return f"{self.ref} · {self.service_name}"

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.booking_tz)

    @property
    def reader_zone(self):
        """Where its messages are read: the customer's zone as far as it is known, else the salon's."""
        return zoneinfo.ZoneInfo(self.customer_tz or self.booking_tz)

    @property
    def local_start(self):
        return self.start_at.astimezone(self.zone)

    @property
    def wall_start(self):
        """The same without its zone: templates would turn an aware time into the server's."""
        return self.local_start.replace(tzinfo=None)

    @property
    def local_end(self):
        return self.end_at.astimezone(self.zone)

    @property
    def duration_min(self):
        return int((self.end_at - self.start_at) / timedelta(minutes=1))

    @property
    def price(self):
        return Money(self.price_cents, self.currency_code)

    @property
    def service_name(self):
        return self.service_snapshot.get("name", "")

    @property
    def who(self):
        """Who booked, and whom for where that is somebody else: `Anna Berg, for Tom`."""
        return f"{self.contact_name}, for {self.for_name}" if self.for_name else self.contact_name

    @property
    def is_class(self):
        """Whether its guests have seats in a session, not time of their own."""
        return self.service_snapshot.get("shared_session", False)

    @property
    def is_open(self):
        return self.status in OPEN


class BookingItem(models.Model):
    """One service within a visit, as it was agreed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    service = models.ForeignKey("bookings.Service", on_delete=models.PROTECT, related_name="booking_items")
    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.PROTECT, related_name="booking_items")
    session = models.ForeignKey(
        "bookings.GroupSession", on_delete=models.SET_NULL, null=True, blank=True, related_name="items"
    )
    assigned_at = models.DateTimeField(
        db_default=Now(), help_text="When the person was given this visit: whose turn is next (D10)."
    )
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    price_cents = models.PositiveIntegerField()
    snapshot = models.JSONField(default=dict, help_text="Name, duration, phases, buffers and price as agreed.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="booking_item_position"),
            models.CheckConstraint(condition=Q(start_at__lt=F("end_at")), name="booking_item_order"),
        ]
        indexes = [
            models.Index(fields=["team_member", "start_at"], name="booking_item_member_start"),
            models.Index(fields=["team_member", "-assigned_at"], name="booking_item_turn"),
        ]

    def __str__(self):
        return self.snapshot.get("name", "")


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Occupancy(models.Model):
    """Time taken from one person or one resource, buffers included (D6).

    A visit writes a row per active phase for its person and one per resource; a class writes them once, for its session.
    A row exists exactly as long as the time is taken; `expires_at` is the hold's end, null once booked.
    The exclusion constraint is the final judge of "never double-booked".
    """

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(BookingItem, on_delete=models.CASCADE, null=True, blank=True, related_name="occupancy")
    session = models.ForeignKey(
        "bookings.GroupSession", on_delete=models.CASCADE, null=True, blank=True, related_name="occupancy"
    )
    team_member = models.ForeignKey(
        "bookings.TeamMember", on_delete=models.PROTECT, null=True, blank=True, related_name="occupancy"
    )
    resource = models.ForeignKey(
        "bookings.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="occupancy"
    )
    lane = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "occupancy"
        constraints = [
            ExclusionConstraint(
                name="no_overlap",
                expressions=[
                    ("team_member", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="no_overlap_of_resources",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(resource__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(team_member__isnull=True) ^ Q(resource__isnull=True), name="occupancy_of_one"
            ),
            models.CheckConstraint(condition=Q(item__isnull=True) ^ Q(session__isnull=True), name="occupancy_for_one"),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="occupancy_order"),
            # Reads look back by this much to find what is still running: it bounds the index scan.
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(hours=36)), name="occupancy_length"
            ),
        ]
        indexes = [
            models.Index(
                fields=["team_member", "starts_at"], include=["ends_at", "lane", "expires_at"], name="occupancy_reads"
            ),
            models.Index(
                fields=["resource", "starts_at"],
                include=["ends_at", "lane", "expires_at"],
                name="occupancy_resource_reads",
                condition=Q(resource__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.team_member_id or self.resource_id} {self.starts_at:%Y-%m-%d %H:%M}–{self.ends_at:%H:%M}"
