"""What text messages cost: credits of the salon's owners, charged as a message leaves. See decision 0034."""

from django.conf import settings
from django.db import connection
from django.urls import reverse

from messaging.metering import NotPaid
from payments import owners
from payments.credits import services
from payments.credits.models import CreditEntry, CreditEntryKind
from tenants import hosts
from tenants.models import Business, Role, User

NO_CREDITS = "There are no credits left for text messages. An owner of the salon can buy more."


def price(segments):
    """The credits a text of so many parts costs."""
    return segments * settings.CREDITS_PER_SMS


def charge(message, now):
    """Take a text's price from an owner of the current salon, once however often it is tried.

    Whoever has been an owner longest pays, and where that is not enough the next. One that was given back and is sent
    once more costs once more. Raises NotPaid; the owners are told then, once a day, within the caller's transaction.
    """
    reference = _open_reference(message)
    if _entries(CreditEntryKind.SPEND, reference).exists():
        return
    business = Business.objects.get(schema_name=connection.schema_name)
    payers = _payers(business)
    if payers:
        services.get_or_create_profile(user=payers[0], full_name="", now=now)
    for owner in payers:
        try:
            services.spend(
                user=owner,
                amount=price(message.segments),
                reference=reference,
                now=now,
                note=f"Text message, {business.name}",
            )
        except (services.NoProfile, services.NotEnoughCredits):
            continue
        return
    _tell_owners(business, now)
    raise NotPaid(NO_CREDITS)


def give_back(message, now):
    """Return what a text cost to whoever paid it, once; nothing happens where nobody did."""
    spent = _entries(CreditEntryKind.SPEND, _open_reference(message)).select_related("profile__user").first()
    if spent:
        services.give_back(user=spent.profile.user, reference=spent.reference, now=now, note="It was not delivered")


def _open_reference(message):
    """The name of this text in the ledger, its last round: each one that was given back is over."""
    name = reference = f"sms:{connection.schema_name}:{message.pk}"
    round_number = 1
    while _entries(CreditEntryKind.RETURN, reference).exists():
        round_number += 1
        reference = f"{name}:{round_number}"
    return reference


def _entries(kind, reference):
    return CreditEntry.objects.filter(kind=kind, reference=reference)


def _payers(business):
    owned = User.objects.filter(memberships__business=business, memberships__role=Role.OWNER, is_active=True)
    return list(owned.order_by("memberships__created_at", "pk"))


def _tell_owners(business, now):
    owners.queue(
        business=business,
        kind="credits_used_up",
        subject=f"{business.name}: text messages have stopped",
        context={"credits_url": hosts.platform_url() + reverse("credits:page", urlconf="config.urls_platform")},
        version=f"{now.astimezone(business.zone):%Y-%m-%d}",
        now=now,
    )
