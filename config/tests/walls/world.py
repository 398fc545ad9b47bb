"""Two salons with a row of everything, in which every column of text is marked: one is walked, one must stay unseen.

A new table without a row here, and a new column that carries no mark and is not named in UNMARKED, fail a test.
"""

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django_tenants.utils import tenant_context
from PIL import Image

from accounts import models as accounts
from accounts.api_tokens.models import APIToken
from accounts.services import entries
from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import links, services
from bookings.models import (
    Booking,
    Break,
    Closure,
    Customer,
    CustomerNote,
    Family,
    FormerCustomer,
    OpeningHours,
    ReminderRule,
    ReminderSettings,
    Series,
    Service,
    ServiceCategory,
    ServiceHours,
    SpecialDay,
    SpecialOpening,
    TeamMember,
    TimeBlock,
)
from bookings.tests.factories import at, hold, make_booking, make_member, make_past_visit, make_resource, make_service
from config.tests.walls.canaries import Canary
from feeds.tests.making import busy_at, feed_link
from giftcards import codes
from giftcards import links as gift_links
from giftcards.models import GiftCard, GiftCardEntry, GiftReservation, Package
from giftcards.tests.making import make_card
from memberships import links as member_links
from memberships.models import Membership, MembershipGrant, MembershipPlan
from messaging import links as mail_links
from messaging.models import Message, Notice, NoticeSettings, NotificationTemplate, Suppression
from onboarding import previews
from onboarding.models import OnboardingProgress
from payments import links as pay_links
from payments import models as payments
from payments import order_links
from payments.credits import models as credits
from payments.webhooks.models import StripeEvent
from reviews import links as review_links
from reviews.models import Review, ReviewSettings
from tenants import bearer
from tenants import models as tenants
from tenants.models import Role, User
from tenants.template import tenant_labels
from waitlist import links as wait_links
from waitlist.models import FreedTime, Offer, Wish, WishedService
from webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

WORDS = (models.CharField, models.TextField, models.FileField)
TEXTS = (*WORDS, models.JSONField, ArrayField)
#: Columns of text without a mark: keys, formats and lists of ours, and what follows from the host.
UNMARKED = {
    "audit.AuditEntry": "subject_type",
    "api_tokens.APIToken": "scopes",
    "bookings.Booking": "booking_tz consent currency_code customer_tz moved_from overrides",
    "bookings.Service": "phases",
    "bookings.Customer": "notification_preferences",
    "bookings.SpecialDay": "shifts",
    "bookings.SpecialOpening": "shifts",
    "feeds.BusyCalendar": "sealed_url url_digest",
    "feeds.FeedLink": "digest",
    "giftcards.GiftCard": "currency_code service_ids title",
    "waitlist.Wish": "windows",
    "memberships.MembershipPlan": "currency_code",
    "memberships.Membership": "currency_code service_ids",
    "memberships.MembershipGrant": "currency_code dispute_id dispute_reason disputes",
    "messaging.Message": "also_about",  # ids of visits
    "messaging.Notice": "event permission",
    "messaging.NoticeSettings": "rules",
    "payments.MoneyAction": "currency_code",
    "payments.CardHold": "currency_code",
    "payments.LedgerEntry": "currency_code",
    "payments.Dispute": "currency_code",
    "payments.GiftCardOrder": "currency_code package_services package_title",
    "payments.Payment": "currency_code provider",
    "webhooks.WebhookEndpoint": "events",
    "webhooks.WebhookEvent": "type",
    "tenants.Business": "country currency_code other_languages role_changes schema_name slug timezone",
    "tenants.Domain": "domain",
    "tenants.Departure": "schema_name slug",
    "accounts.Invitation": "token_digest",
    "accounts.Entry": "methods token_digest",
    "onboarding.OnboardingProgress": "completed_steps sample skipped_steps slug",
    "tenants.User": "password",
    "credits.CreditPurchase": "currency_code",
}
#: column of JSON → what stands there for a word
JSON = {
    "audit.AuditEntry.before": lambda word: {"reason": word},
    "audit.AuditEntry.after": lambda word: {"reason": f"{word}!"},
    "messaging.Message.attachments": lambda word: [{"name": word, "content_type": "text/plain", "body": word}],
    "bookings.TeamMember.specialties": lambda word: [word],
    "webhooks.WebhookEvent.payload": lambda word: {"name": word},
    "webhooks.WebhookDelivery.tries": lambda word: [{"at": timezone.now().isoformat(), "code": None, "reason": word}],
    "tenants.Business.social_links": lambda word: {"Instagram": f"https://{word}.example/".lower()},
    "mfa.Authenticator.data": lambda word: {"migrated_codes": [word]},
}


@dataclass(frozen=True)
class Salon:
    """A furnished salon: its Business, its owner, the key of a row of every model, and every signed link it gives.

    Three marks: of the rows in its schema, of its rows in `public`, and of its people's.
    """

    business: object
    owner: User
    inside: Canary
    public: Canary
    people: Canary
    keys: dict
    links: dict


def furnish(business, inside, public, people):
    """Rows of every model for a salon, marked. Returns a Salon."""
    owner = tenants.Membership.objects.get(business=business, role=Role.OWNER).user
    inside.picture, public.picture = (_picture(business, canary.word) for canary in (inside, public))
    with tenant_context(business):
        _diary(business, inside, owner)
        _money(business, inside)
        _waiting(inside.word)
        _records(business, inside.word, owner)
        _notes(inside.word, owner)
        feed = _calendars(business, owner)
        _reviews(inside.word, owner)
        _members(inside.word)
        for model in tenant_models():
            mark(model.objects.all(), inside)
    links_ = _shared(business, public.word, owner)
    for model, how in OF_A_SALON.items():
        mark(apps.get_model(model).objects.filter(**{how: business.pk}), public)
    for model, how in OF_A_PERSON.items():
        mark(apps.get_model(model).objects.filter(**{how: owner.pk}), people)
    business, owner = (
        type(business).objects.select_related("billing").get(pk=business.pk),
        User.objects.get(pk=owner.pk),
    )
    with tenant_context(business):
        links_ |= _links(business) | {"media": inside.picture, "feed": feed}
        keys = _keys(tenant_models(), {}, inside) | {"bookings.Booking": _coming().pk}
    keys |= _keys(OF_A_SALON, OF_A_SALON, public, business.pk) | _keys(OF_A_PERSON, OF_A_PERSON, people, owner.pk)
    inside.secrets |= set(links_.values())
    public.secrets |= {business.schema_name, business.host}
    return Salon(business, owner, inside, public, people, keys, links_)


def _picture(business, word):
    drawn = io.BytesIO()
    Image.new("RGB", (16, 16), "#c4a5b1").save(drawn, "WEBP")
    return default_storage.save(f"{business.schema_name}/pictures/{word.lower()}.webp", ContentFile(drawn.getvalue()))


def _keys(labels, how, canary, pk=None):
    """model → the key of one of its rows; all of them are known to the canary."""
    keys = {}
    for label in labels:
        model = apps.get_model(label) if isinstance(label, str) else label
        found = model.objects.filter(**({how[label]: pk} if how else {})).order_by("pk").values_list("pk", flat=True)
        assert found, f"{model._meta.label} has no row in this world: make one in config/tests/walls/world.py"
        canary.ids |= {key.hex for key in found if isinstance(key, UUID)}
        keys[model._meta.label] = found[0]
    return keys


@cache
def tenant_models():
    """Every model with a table in the salons' schemas."""
    return tuple(model for model in apps.get_models() if model._meta.app_label in tenant_labels())


def columns_of(model):
    """The columns that may hold words."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, TEXTS) and not column.choices and not column.is_relation
    ]


def mark(rows, canary):
    """Write the canary's word into every column of text that does not hold it already."""
    for number, row in enumerate(rows.order_by("pk")):
        values = {
            column.name: _marked(column, canary, number)
            for column in columns_of(rows.model)
            if _takes_a_mark(column) and not canary.found_in(_text(row, column))
        }
        if values:
            rows.model.objects.filter(pk=row.pk).update(**values)


def _takes_a_mark(column):
    label = column.model._meta.label
    kept = UNMARKED.get(label, "").split()
    return column.name not in kept and (isinstance(column, WORDS) or f"{label}.{column.name}" in JSON)


def _marked(column, canary, number):
    shape = JSON.get(f"{column.model._meta.label}.{column.name}")
    return shape(canary.word) if shape else canary.value_for(column, number)


def unmarked(rows, canary):
    """Names of the columns of text that hold no mark in some row."""
    words = replace(canary, secrets=set())
    found = {column.name for row in rows for column in columns_of(rows.model) if not words.found_in(_text(row, column))}
    return " ".join(sorted(found))


def _text(row, column):
    return str(column.value_from_object(row))


# What a salon has ------------------------------------------------------------------------------


def _diary(business, canary, owner):
    word = canary.word
    category = ServiceCategory.objects.create(name=word)
    cut = make_service(word, category=category)
    yoga = make_service(
        f"{word} class", category=category, allow_group_booking=True, shared_session=True, max_group_size=4
    )
    chair = make_resource(word, quantity=3, needed_by=[cut])
    ann = make_member(word, performs=[cut, yoga], last_name=word, user_id=owner.pk, max_concurrent_bookings=3)
    details = services.Details(name=word, email=canary.value_for(Customer._meta.get_field("email"), 7), phone="")
    make_booking(business, cut, at(business, "10:00"), details=details)
    make_past_visit(make_booking(business, cut, at(business, "12:00"), details=details))
    hold(business, cut, at(business, "14:00"))
    services.open_session(
        business=business, service=yoga, team_member=ann, start=at(business, "15:00"), by=SYSTEM, now=timezone.now()
    )
    day = timezone.now().date() + timedelta(days=40)
    hours = {"day_of_week": 1, "start_min": 540, "end_min": 1020}
    OpeningHours.objects.create(**hours)
    ServiceHours.objects.create(service=cut, **hours)
    ReminderSettings.objects.create(has_own_rules=True, stale_since=timezone.now())
    ReminderRule.objects.create(kind="before", minutes=60)
    Break.objects.create(day_of_week=1, start_min=780, end_min=790, team_member=ann)
    SpecialDay.objects.create(team_member=ann, date=day, shifts=[[540, 600]], reason=word)
    SpecialOpening.objects.create(date=day, shifts=[[540, 600]], reason=word)
    Closure.objects.create(start_date=day, end_date=day, reason=word)
    block = {"starts_at": at(business, "10:00", days=41), "ends_at": at(business, "11:00", days=41), "reason": word}
    TimeBlock.objects.create(team_member=ann, created_by=owner.pk, **block)
    TimeBlock.objects.create(resource=chair, **block)


def _money(business, canary):
    now, word, currency = timezone.now(), canary.word, business.currency_code
    money = {"amount_cents": 5000, "currency_code": currency}
    account = {"stripe_account_id": f"acct_{word}"}
    past, coming = Booking.objects.filter(customer__isnull=False).order_by("start_at")[:2]
    customer = past.customer
    card = make_card(buyer_name=word, recipient_name=word, recipient_email="x@x.example", message=word, note=word)
    performed = list(past.items.values_list("service_id", flat=True))
    Package.objects.create(name=word, description=word, visits=2, price_cents=5000, service_ids=performed)
    kept = payments.SavedCard.objects.create(
        customer=customer, payment_method_id=f"pm_{word}", brand="visa", last4="4242", consented_at=now, **account
    )
    payments.CardSetup.objects.create(booking=coming, saved_card=kept, setup_intent_id=f"seti_{word}", **account)
    payments.CardHold.objects.create(
        booking=coming, state="held", payment_intent_id=f"pi_hold_{word}", **account, **money
    )
    order = payments.GiftCardOrder.objects.create(
        form_key=word,
        card=card,
        status="paid",
        buyer_name=word,
        buyer_email="x@x.example",
        captured_cents=5000,
        payment_intent_id=f"pi_order_{word}",
        paid_at=now,
        **account,
        **money,
    )
    action = payments.MoneyAction.objects.create(
        booking=past,
        kind="complete",
        client_key=word,
        state="succeeded",
        price_cents=5000,
        payment_intent_id=f"pi_{word}",
        **account,
        **money,
    )
    payment = payments.Payment.objects.create(
        booking=past,
        customer=customer,
        status="captured",
        captured_cents=5000,
        captured_at=now,
        provider_payment_id=f"pi_{word}",
        provider_metadata={"word": word},
        **money,
    )
    payments.MoneyAction.objects.filter(pk=action.pk).update(payment=payment)
    refund = payments.MoneyAction.objects.create(
        booking=past, payment=payment, kind="refund", client_key=f"{word}2", state="succeeded", **account, **money
    )
    payments.Refund.objects.create(payment=payment, booking=past, action=refund, amount_cents=100, status="succeeded")
    payments.Dispute.objects.create(stripe_id=f"dp_{word}", payment=payment, opened_at=now, status="open", **money)
    payments.LedgerEntry.objects.create(
        kind="capture", stripe_id=f"ch_{word}", booking=past, payment=payment, action=action, at=now, **account, **money
    )
    GiftReservation.objects.create(card=card, booking=past, state="released", cents=100)
    GiftCardEntry.objects.create(
        card=card, kind="adjust", amount_signed_cents=0, balance_after_cents=card.balance_cents, reason=word, at=now
    )
    assert order.card_id == GiftCard.objects.get().pk


def _waiting(word):
    """Somebody waits, and a time is kept for them."""
    now, kept, today = timezone.now(), Booking.objects.get(status="hold"), timezone.now().date()
    wish = Wish.objects.create(
        name=word, email=f"w@{word}.example".lower(), first_date=today, last_date=today, status="offered", joined_at=now
    )
    WishedService.objects.create(wish=wish, position=0, service=kept.items.get().service)
    times = {"start_at": kept.start_at, "end_at": kept.end_at, "expires_at": kept.hold_expires_at}
    Offer.objects.create(wish=wish, booking=kept, made_at=now, **times)
    FreedTime.objects.create(first_date=today, last_date=today, at=now)


def _records(business, word, owner):
    now, membership = timezone.now(), tenants.Membership.objects.get(user=owner, business=business)
    AuditEntry.objects.create(
        at=now, action="closure.added", subject_type="bookings.closure", subject_id=str(Closure.objects.get().pk)
    )
    Message.objects.create(
        dedupe_key="x",
        kind="confirmation",
        recipient="x@x.example",
        text="x",
        due_at=now,
        about_id=Booking.objects.first().pk,
    )
    Notice.objects.create(
        reader_id=owner.pk,
        event="visit_booked",
        permission="view_diary",
        about_id=Booking.objects.first().pk,
        version="x",
        words="x",
        at=now,
    )
    NoticeSettings.objects.create(copy_to="x@x.example")
    Suppression.objects.create(
        channel="email", address=f"{word.lower()}@x.example", scope="all", cause="bounced", at=now
    )
    NotificationTemplate.objects.create(name="x", channel="email", trigger="booking_confirmed", subject="x", body="x")
    APIToken.objects.create(
        name="x", scopes=["bookings:read"], made_by_id=owner.pk, membership_id=membership.pk, created_at=now
    )
    endpoint = WebhookEndpoint.objects.create(url="https://x.example/", events=["booking.created"])
    event = WebhookEvent.objects.create(type="booking.created", occurred_at=now)
    WebhookDelivery.objects.create(event=event, endpoint=endpoint, due_at=now + timedelta(days=1))
    apps.get_model("sessions.Session").objects.create(session_key="x", session_data="x", expire_date=now)


def _calendars(business, owner):
    """Another calendar of the owner's, and the secret in the address of theirs."""
    membership = tenants.Membership.objects.get(user=owner, business=business)
    _, path = feed_link(membership)
    busy_at(TeamMember.objects.first(), "https://x.example/", name="x", made_by_id=owner.pk)
    return path.split("/")[-1].removesuffix(".ics")


def _reviews(word, owner):
    """A visit that took place, rated and answered."""
    booking, now = _past(), timezone.now()
    Booking.objects.filter(pk=booking.pk).update(status="completed")
    Review.objects.create(
        booking=booking,
        stars=4,
        status="hidden",
        hidden_reason=word,
        answer=word,
        answered_at=now,
        answered_by_id=owner.pk,
        written_at=now,
        changed_at=now,
    )
    ReviewSettings.objects.create()


def _members(word):
    """Somebody pays every month, and has paid for one."""
    now, customer, card = timezone.now(), _past().customer, GiftCard.objects.get()
    plan = MembershipPlan.objects.create(name=word, price_cents=4500, currency_code="USD", included_visits=2)
    plan.services.add(Service.objects.order_by("pk")[0])
    membership = Membership.objects.create(
        plan=plan,
        customer=customer,
        email=f"m@{word}.example".lower(),
        state="active",
        stripe_customer_id=word,
        subscription_id=word,
        price_cents=4500,
        included_visits=2,
        consented_at=now,
        period_ends_at=now + timedelta(days=20),
        due_at=now + timedelta(days=1),
        created_at=now,
    )
    GiftCard.objects.filter(pk=card.pk).update(usage_limit=2, expiration_date=now.date() + timedelta(days=20))
    MembershipGrant.objects.create(
        pk=uuid4(),
        membership=membership,
        card=card,
        invoice_id=word,
        starts_at=now,
        ends_at=now + timedelta(days=20),
        paid_cents=4500,
        granted_at=now,
    )


def _past():
    return Booking.objects.filter(customer__isnull=False).order_by("start_at")[0]


def _coming():
    return Booking.objects.filter(customer__isnull=False).order_by("-start_at")[0]


def _notes(word, owner):
    customer, now = Customer.objects.first(), timezone.now()
    CustomerNote.objects.create(customer=customer, text=word, author_id=owner.pk, at=now)
    FormerCustomer.objects.create(pk=uuid4(), customer=customer, merged_at=now)
    series = Series.objects.create(every_weeks=2)
    family = Family.objects.create(order="together")
    Booking.objects.filter(pk=_coming().pk).update(series=series, series_number=1, family=family, family_number=1)


def _links(business):
    booking = _coming()
    card, order = GiftCard.objects.get(), payments.GiftCardOrder.objects.get()
    return {
        "manage": links.manage_token(booking),
        "pay": pay_links.pay_token(booking),
        "review": review_links.review_token(Review.objects.get().booking),
        "gift": gift_links.card_token(card),
        "hold": str(Booking.objects.get(status="hold").pk),
        "code": codes.code_of(card.pk),
        "membership": member_links.token_of(Membership.objects.get()),
        "wish": wait_links.wish_token(Wish.objects.get()),
        "offer": wait_links.offer_token(Offer.objects.get()),
        "order": order_links.order_token(order),
        "preview": previews.address(business).split("/")[-2],
        "unsubscribe": _unsubscribe_token(business, booking.contact_email),
    }


def _unsubscribe_token(business, address):
    return mail_links.unsubscribe_url(business=business, channel="email", address=address).split("/")[-2]


# What the platform has of it -------------------------------------------------------------------


def _shared(business, word, owner):
    """Rows in `public`, and the links that lead to them."""
    now = timezone.now()
    asked = f"invitation-{word}"
    accounts.Invitation.objects.create(
        business=business,
        email=f"asked@{word}.example".lower(),
        role=Role.STAFF,
        token_digest=bearer.digest(asked),
        invited_by=owner,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )
    accounts.PastMembership.objects.create(user=owner, business=business, role="staff", joined_at=now, left_at=now)
    accounts.SignIn.objects.create(user=owner, business=business, session_key=word, began_at=now, seen_at=now)
    entry = entries.open_entry(user=owner, business=business, methods=[], now=now)
    tenants.CustomDomain.objects.create(business=business, domain=f"{word}.example".lower(), created_at=now)
    tenants.SupportAccess.objects.create(
        business=business, reason=word, opened_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)
    )
    tenants.Departure.objects.create(
        business_id=business.pk,
        slug=business.slug,
        schema_name=business.schema_name,
        status_before="active",
        asked_at=now,
        erase_at=now + timedelta(days=30),
        withdrawn_at=now,
    )
    tenants.SchemaRollout.objects.create(business=business, app_label="x", migration=word)
    OnboardingProgress.objects.create(
        pk=business.pk, owner=owner, business=business, slug=business.slug, provisioning="done", started_at=now
    )
    StripeEvent.objects.create(event_id=f"evt_{word}", account=f"acct_{word}", type="x", payload={"x": word})
    EmailAddress.objects.create(user=owner, email=owner.email, verified=True, primary=True)
    Authenticator.objects.create(user=owner, type="recovery_codes", data={})
    profile = credits.Profile.objects.create(user=owner)
    movement = {"profile": profile, "kind": "signup", "amount_signed": 1000, "balance_after": 1000, "at": now}
    credits.CreditEntry.objects.create(**movement, reference=word)
    purchase = credits.CreditPurchase.objects.create(
        profile=profile, pack="small", credits=500, amount_cents=500, currency_code="USD", status="paid"
    )
    credits.MoneyBack.objects.create(
        stripe_id=f"re_{word}", purchase=purchase, amount_cents=1, credits=1, taken=0, at=now
    )
    return {"entry": entry, "invitation": asked}


#: model of `public` → how a salon's rows are found
OF_A_SALON = {
    "tenants.Business": "pk",
    "tenants.Domain": "tenant",
    "tenants.TenantBilling": "business",
    "tenants.CustomDomain": "business",
    "tenants.SupportAccess": "business",
    "tenants.Departure": "business_id",
    "tenants.Membership": "business",
    "tenants.SchemaRollout": "business",
    "accounts.Invitation": "business",
    "accounts.PastMembership": "business",
    "accounts.SignIn": "business",
    "accounts.Entry": "business",
    "onboarding.OnboardingProgress": "business",
}
#: model of `public` → how the rows of a salon's owner are found
OF_A_PERSON = {
    "tenants.User": "pk",
    "account.EmailAddress": "user",
    "mfa.Authenticator": "user",
    "credits.Profile": "pk",
    "credits.CreditEntry": "profile",
    "credits.CreditPurchase": "profile",
    "credits.MoneyBack": "purchase__profile",
}
#: Models of `public` that say nothing of one salon, or whose words follow from what the other rows say.
OF_NOBODY = {
    "tenants.ReleasedSlug",
    "tenants.ClaimedSlug",
    "tenants.SchemaTemplate",
    "accounts.AccountMessage",
    "dispatch.Dispatch",
    "dispatch.TextedNumber",
    "stripe_inbox.StripeEvent",
    "operators.FailedTask",
    "operators.OperatorEntry",
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
    "sessions.Session",
    "account.EmailConfirmation",
    "socialaccount.SocialApp",
    "socialaccount.SocialAccount",
    "socialaccount.SocialToken",
    "token_blacklist.OutstandingToken",
    "token_blacklist.BlacklistedToken",
}
