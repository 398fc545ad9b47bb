"""Salons, their addresses on the web, and the people who sign in. All of it lives in `public`."""

import uuid
import zoneinfo
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django_tenants.models import DomainMixin, TenantMixin
from phonenumber_field.modelfields import PhoneNumberField

from tenants import languages
from tenants.clock import zone_names
from tenants.money import Money

hex_color = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", "Write the colour as # and six hexadecimal digits.")


def validate_zone(value):
    if value not in zone_names():
        raise ValidationError("“%(value)s” is not a time zone.", params={"value": value})


def host_of(slug):
    """The address of the salon of that name, without a port."""
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def slug_of(host):
    """The name of the salon whose address `host` is, or None where it is no address of ours."""
    slug, _, rest = host.partition(".")
    return slug if rest == settings.PLATFORM_DOMAIN else None


def logo_path(business, filename):
    return f"{business.schema_name}/branding/{uuid.uuid4().hex}.webp"


def salon_picture_path(instance, filename):
    """Where an uploaded picture of the current salon is kept: its own folder, a name that tells nothing."""
    return f"{connection.schema_name}/pictures/{uuid.uuid4().hex}.webp"


class BusinessStatus(models.TextChoices):
    ONBOARDING = "onboarding"
    READY = "ready"
    ACTIVE = "active"
    PAUSED = "paused"
    CANCELED = "canceled", "Cancelled"


class FeeType(models.TextChoices):
    NONE = "none"
    FIXED = "fixed"
    PERCENT = "percent"


class GapOffers(models.TextChoices):
    """What customers are offered of the starts that would leave time too short for anything."""

    OFF = "off", "Offer every time"
    PREFER = "prefer", "Offer every time, and mark those that fit well"
    HIDE = "hide", "Hide times that leave a gap, where others are left"


class DepositFor(models.TextChoices):
    """Whose visits a deposit secures."""

    EVERYONE = "everyone"
    NEW = "new", "New customers"
    MISSED = "missed", "Customers who have missed a visit"
    NEW_OR_MISSED = "new_or_missed", "New customers, and those who have missed a visit"


class Font(models.TextChoices):
    """Type faces a salon may choose from; each is a stack in `static/css/tokens.css`."""

    SANS = "sans"
    SERIF = "serif"
    ROUNDED = "rounded"


class Business(TenantMixin):
    """A salon: the tenant. Its schema name is opaque and never used again."""

    auto_create_schema = False
    auto_drop_schema = False
    #: The salon's own name on the web, where it was loaded with it (`tenants.hosts`).
    own_host = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    category = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True, max_length=2000)

    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    address_line1 = models.CharField(max_length=120, blank=True)
    address_line2 = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, default="US")
    timezone = models.CharField(max_length=64, default="America/New_York", validators=[validate_zone])
    currency_code = models.CharField(max_length=3, default="USD")
    language = models.CharField(
        max_length=2,
        choices=languages.CHOICES,
        default=languages.DEFAULT,
        help_text="In which customers are written to who have asked for no other.",
    )
    other_languages = ArrayField(
        models.CharField(max_length=2, choices=languages.CHOICES),
        default=list,
        blank=True,
        help_text="What customers may read instead.",
    )

    primary_color = models.CharField(max_length=7, default="#7c3f58", validators=[hex_color])
    secondary_color = models.CharField(max_length=7, blank=True, validators=[hex_color])
    font = models.CharField(max_length=10, choices=Font, default=Font.SANS)
    logo = models.ImageField(upload_to=logo_path, blank=True)
    social_links = models.JSONField(default=dict, blank=True, help_text="Network name → https address.")

    cancellation_window_hours = models.PositiveSmallIntegerField(default=24, validators=[MaxValueValidator(720)])
    cancellation_fee_type = models.CharField(max_length=8, choices=FeeType, default=FeeType.NONE)
    cancellation_fee_cents = models.PositiveIntegerField(default=0)
    cancellation_fee_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    cancellation_text = models.TextField(blank=True, max_length=2000)
    no_show_fee_type = models.CharField(max_length=8, choices=FeeType, default=FeeType.NONE)
    no_show_fee_cents = models.PositiveIntegerField(default=0)
    no_show_fee_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    no_show_text = models.TextField(blank=True, max_length=2000)
    refund_text = models.TextField(blank=True, max_length=2000)

    deposit_type = models.CharField(max_length=8, choices=FeeType, default=FeeType.NONE)
    deposit_cents = models.PositiveIntegerField(default=0)
    deposit_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    deposit_for = models.CharField(max_length=14, choices=DepositFor, default=DepositFor.EVERYONE)
    late_arrival_min = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(240)],
        help_text="After so many minutes a late guest may count as a no-show; 0 says nothing about it.",
    )
    late_arrival_text = models.TextField(blank=True, max_length=2000)
    hold_near_visits = models.BooleanField(
        default=False, help_text="Hold the price on the card when the visit is at most four days away."
    )
    sell_gift_cards = models.BooleanField(default=False, help_text="Customers may buy gift cards on the booking site.")
    gift_card_months = models.PositiveSmallIntegerField(
        default=60, validators=[MaxValueValidator(120)], help_text="How long a sold card is valid; 0 is without end."
    )
    gift_cards_pay_fees = models.BooleanField(
        default=False, help_text="Fees for late cancellations and no-shows may be taken from a gift card."
    )

    min_notice_min = models.PositiveIntegerField(default=60, help_text="Minutes between booking and start.")
    horizon_days = models.PositiveSmallIntegerField(
        default=60, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    slot_step_min = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    gap_offers = models.CharField(
        max_length=6,
        choices=GapOffers,
        default=GapOffers.OFF,
        help_text="What customers are offered of starts that leave time nobody can book.",
    )
    hard_edges = models.BooleanField(default=False, help_text="Buffers must end within working hours too.")
    max_wait_min = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(120)],
        help_text="The longest a guest waits between two services of one visit, in minutes; 0 is straight on.",
    )
    auto_confirm = models.BooleanField(default=True)
    allow_double_visits = models.BooleanField(default=False, help_text="A customer may book two visits at one time.")
    require_card = models.BooleanField(default=True, help_text="Ask for a card where Stripe is connected.")

    status = models.CharField(max_length=12, choices=BusinessStatus, default=BusinessStatus.ONBOARDING)
    is_public_directory = models.BooleanField(default=False)
    role_changes = models.JSONField(
        default=dict, blank=True, help_text="What its owner changed of who may what: permission → role → yes or no."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "businesses"
        constraints = [
            models.CheckConstraint(condition=models.Q(slug=Lower("slug")), name="business_slug_lower"),
            models.CheckConstraint(condition=models.Q(schema_name__startswith="t_"), name="business_schema_opaque"),
            models.CheckConstraint(condition=models.Q(slot_step_min__gte=5), name="business_step_sane"),
            models.CheckConstraint(condition=models.Q(language__in=list(languages.NAMES)), name="business_language"),
            models.CheckConstraint(condition=models.Q(gap_offers__in=GapOffers.values), name="business_gap_offers"),
        ]

    def __str__(self):
        return self.name

    def __enter__(self):
        """Not to be used: django-tenants keeps its way back in a list that all threads share."""
        raise TypeError("Enter a salon with django_tenants.utils.tenant_context(business).")

    @property
    def zone(self):
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def host(self):
        return host_of(self.slug)

    @property
    def url(self):
        """The booking site's absolute address, without a trailing slash."""
        port = f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
        return f"{settings.PLATFORM_SCHEME}://{self.host}{port}"

    @property
    def public_url(self):
        """The address search engines are told: on the salon's own domain, where it has one that is verified."""
        return f"{settings.PLATFORM_SCHEME}://{self.own_host}" if self.own_host else self.url

    @property
    def address_lines(self):
        """The postal address as printable lines, empty parts left out."""
        place = " ".join(filter(None, [f"{self.city}," if self.city and self.region else self.city, self.region]))
        return [
            line for line in (self.address_line1, self.address_line2, f"{place} {self.postal_code}".strip()) if line
        ]

    @property
    def languages(self):
        """Those its customers can be written to in, its own first."""
        return languages.order(self.language, *self.other_languages)

    def languages_for(self, wish=""):
        """Those a customer is written to in, in the order they are tried: the one they asked for, the salon's own."""
        return languages.order(wish if wish in self.languages else "", self.language)

    @property
    def shown_logo(self):
        """The logo where its file is there to be shown, else None: the name stands in its place, on every page."""
        try:
            return self.logo if self.logo and self.logo.width else None
        except OSError:
            return None

    @property
    def has_ended(self):
        """Whether it is for reading only: about to leave, or without a plan, also where its owner had closed it before."""
        without_plan = self.billing.subscription_status == SubscriptionStatus.CANCELED
        return self.status == BusinessStatus.CANCELED or (self.status == BusinessStatus.READY and without_plan)

    @property
    def asks_for_card(self):
        """Whether customers are asked for a card: wanted by the salon, and its Stripe account can take charges."""
        return self.require_card and self.billing.charges_enabled

    @property
    def sells_gift_cards(self):
        """Whether customers can buy gift cards online: wanted by the salon, and its Stripe account can take charges."""
        return self.sell_gift_cards and self.billing.charges_enabled

    def money(self, cents):
        return Money(cents, self.currency_code)


class Domain(DomainMixin):
    """A host name that leads to a salon. The primary one is `<slug>.PLATFORM_DOMAIN`.

    Any other one below PLATFORM_DOMAIN is an old address and redirects there; the rest are names of the salon's own.
    """

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="domain_lower"),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="one_primary_domain_per_salon"
            ),
        ]


class ReleasedSlug(models.Model):
    """A name a salon has given up; nobody gets it for a while, since links and mails still point there."""

    slug = models.CharField(max_length=40, primary_key=True)
    released_at = models.DateTimeField()

    def __str__(self):
        return self.slug


class ClaimedSlug(models.Model):
    """A name promised to a salon that is about to be opened, so that nobody else gets it meanwhile."""

    slug = models.CharField(max_length=40, primary_key=True)
    business_id = models.UUIDField(unique=True, help_text="The id the salon will have.")
    claimed_at = models.DateTimeField()

    def __str__(self):
        return self.slug


class CustomDomain(models.Model):
    """A name of the salon's own that shall lead to its booking site; one that is verified has a Domain row too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="custom_domains")
    domain = models.CharField(max_length=253)
    token = models.CharField(max_length=64, help_text="What the TXT record has to say.")
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True, help_text="What the last check found wrong.")
    verified_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="When a verified name was first found to lead elsewhere."
    )
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When its owners were told of that.")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["business", "domain"], name="custom_domain_once_a_salon"),
            models.UniqueConstraint(
                fields=["domain"], condition=models.Q(verified_at__isnull=False), name="custom_domain_verified_once"
            ),
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="custom_domain_lower"),
            models.CheckConstraint(
                condition=models.Q(failing_since=None) | models.Q(verified_at__isnull=False),
                name="custom_domain_fails_when_verified",
            ),
        ]

    def __str__(self):
        return self.domain


class Departure(models.Model):
    """A salon that leaves: closed at once, kept until `erase_at`, then erased. The row stays when the salon is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business_id = models.UUIDField(help_text="No foreign key: this row outlives the salon.")
    slug = models.CharField(max_length=40)
    schema_name = models.CharField(max_length=63, blank=True, help_text="Where its uploaded files are looked for.")
    status_before = models.CharField(
        max_length=12, choices=BusinessStatus, default=BusinessStatus.ONBOARDING, help_text="Taken up when withdrawn."
    )
    cancel_visits = models.BooleanField(default=False, help_text="Visits to come are called off, their guests told.")
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    reason = models.TextField(blank=True, max_length=2000)
    erase_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When its owners were told that the day is near.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["business_id"], condition=models.Q(withdrawn_at=None), name="one_departure_per_salon"
            ),
            models.CheckConstraint(condition=models.Q(asked_at__lt=models.F("erase_at")), name="departure_order"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(erased_at=None), name="departure_ends_once"
            ),
        ]

    def __str__(self):
        return f"{self.slug} leaves"


class ConnectStatus(models.TextChoices):
    NONE = "none"
    PENDING = "pending"
    ACTIVE = "active"
    RESTRICTED = "restricted"


class SubscriptionStatus(models.TextChoices):
    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    CANCELED = "canceled", "Cancelled"


class PauseReason(models.TextChoices):
    """Why a plan rests: its owner wants it, or it was not paid for. Only the second closes the booking site."""

    OWNER = "owner"
    UNPAID = "unpaid"


class TenantBilling(models.Model):
    """A salon's Stripe account and its plan on the platform.

    `payments.connect` is the only writer of the account's state, `payments.subscriptions` of the plan's.
    """

    business = models.OneToOneField(Business, on_delete=models.CASCADE, primary_key=True, related_name="billing")
    stripe_account_id = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 -- NULLs may repeat
    connect_status = models.CharField(max_length=12, choices=ConnectStatus, default=ConnectStatus.NONE)
    charges_enabled = models.BooleanField(default=False)
    details_submitted = models.BooleanField(default=False)
    restricted_reason = models.CharField(
        max_length=120, blank=True, help_text="Why Stripe takes no charges, in its words."
    )
    account_read_at = models.DateTimeField(
        null=True, blank=True, help_text="When the account was read at Stripe; an older reading changes nothing."
    )
    account_generation = models.PositiveSmallIntegerField(
        default=0, help_text="Part of the key sent to Stripe: raised when that key would repeat a stored failure."
    )
    disconnected_at = models.DateTimeField(null=True, blank=True)
    stripe_customer_id = models.CharField(max_length=64, blank=True)
    subscription_id = models.CharField(max_length=64, blank=True)
    subscription_status = models.CharField(max_length=12, choices=SubscriptionStatus, default=SubscriptionStatus.TRIAL)
    subscription_price_cents = models.PositiveIntegerField(default=1199)
    next_billing_at = models.DateTimeField(null=True, blank=True)
    trial_ends_at = models.DateTimeField(null=True, blank=True)
    grace_ends_at = models.DateTimeField(
        null=True, blank=True, help_text="Unpaid since a while: until then everything works as before."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=8, choices=PauseReason, blank=True)
    cancel_at = models.DateTimeField(null=True, blank=True, help_text="When a plan that was called off will end.")
    canceled_at = models.DateTimeField(null=True, blank=True)
    card_label = models.CharField(
        max_length=60, blank=True, help_text="The card the plan is paid with, as people say it."
    )
    subscription_read_at = models.DateTimeField(
        null=True, blank=True, help_text="When the subscription was read at Stripe; an older reading changes nothing."
    )
    subscription_generation = models.PositiveSmallIntegerField(
        default=0, help_text="Part of the key sent to Stripe: raised when that key would repeat an ended subscription."
    )
    leased_until = models.DateTimeField(null=True, blank=True, help_text="Somebody is changing the plan until then.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subscription_status="paused", pause_reason__in=["owner", "unpaid"])
                | (~models.Q(subscription_status="paused") & models.Q(pause_reason="")),
                name="paused_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["subscription_id"], condition=~models.Q(subscription_id=""), name="one_salon_per_subscription"
            ),
            models.UniqueConstraint(
                fields=["stripe_customer_id"], condition=~models.Q(stripe_customer_id=""), name="one_salon_per_customer"
            ),
        ]

    def __str__(self):
        return f"Billing of {self.business_id}"


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who can sign in; `email` is kept in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_operator=True, **fields)


class User(AbstractBaseUser):
    """A person with a login, on the platform and in any number of salons.

    What they may do in a salon follows from their Membership there; `is_operator` is for the
    platform's own staff and gives nothing on a salon's host, except through an open SupportAccess.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    phone = PhoneNumberField(blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    #: The name of the API token a program acts through in this request, for the trail; never saved.
    through = ""
    # Django's admin asks for these; our AdminSite decides by Membership instead.
    is_staff = False
    is_superuser = False

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self):
        return self.get_full_name() or self.email

    def get_full_name(self):
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self):
        return self.first_name or self.email

    def has_perm(self, perm, obj=None):
        return False

    def has_module_perms(self, app_label):
        return False


class Role(models.TextChoices):
    """Roles in a salon, weakest first."""

    VIEWER = "viewer"
    STAFF = "staff"
    ADMIN = "admin"
    OWNER = "owner"


class MembershipQuerySet(models.QuerySet):
    def with_roles(self):
        """What the salon's owner has changed of who may what comes along, as it is in the database now."""
        return self.annotate(role_changes=models.F("business__role_changes"))


class Membership(models.Model):
    """What a person is in one salon."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    #: The SupportAccess it stands for, where an operator of the platform is let in for a while; never saved.
    support = None
    #: Whether a program acts with an API token of the person; never saved.
    through_token = False
    #: Permissions whose subject answers leave out for that program; never saved.
    withheld = frozenset()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "business"], name="one_membership_per_salon")]

    def __str__(self):
        return f"{self.user} is {self.role} of {self.business}"

    @cached_property
    def role_changes(self):
        """What the salon's owner has changed of who may what. Never from the Business in hand, which may be a copy."""
        if self.business_id is None:
            return {}
        return Business.objects.filter(pk=self.business_id).values_list("role_changes", flat=True).first() or {}


class SupportAccessQuerySet(models.QuerySet):
    def open(self, now):
        return self.filter(closed_at=None, ends_at__gt=now)


class SupportAccess(models.Model):
    """An operator of the platform looks into one salon: for a reason, for a while, and its owner can see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="support_accesses")
    operator = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="support_accesses")
    operator_label = models.CharField(max_length=200, help_text="Who it was, also when the account is gone.")
    role = models.CharField(max_length=8, choices=Role, default=Role.VIEWER)
    reason = models.TextField(max_length=1000)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When somebody ended it early.")

    objects = SupportAccessQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        verbose_name_plural = "support accesses"
        indexes = [models.Index(fields=["business", "operator", "ends_at"], name="support_access_reads")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opened_at__lt=models.F("ends_at"))
                & models.Q(ends_at__lte=models.F("opened_at") + timedelta(hours=4)),
                name="support_access_is_short",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="support_access_has_a_reason"),
            models.CheckConstraint(condition=~models.Q(role="owner"), name="support_access_never_owns"),
        ]

    def __str__(self):
        return f"Support access of {self.operator_label}"


class SchemaTemplate(models.Model):
    """An empty salon's schema as SQL, for one set of migrations (see `tenants.template`)."""

    digest = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    built_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.digest[:12]


class RolloutStatus(models.TextChoices):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class SchemaRollout(models.Model):
    """How far one migration has come in one salon's schema (see `tenants.rollout`)."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="rollouts")
    app_label = models.CharField(max_length=100)
    migration = models.CharField(max_length=200)
    status = models.CharField(max_length=8, choices=RolloutStatus, default=RolloutStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "app_label", "migration"], name="one_rollout_per_schema")
        ]

    def __str__(self):
        return f"{self.app_label}.{self.migration} in {self.business_id}: {self.status}"
