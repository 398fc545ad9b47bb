"""How the salon can be reached, what it looks like, and in which currency it counts."""

from django.db import transaction

from audit import services as audit
from bookings.models import Booking
from bookings.services import salon_row
from tenants import hosts, languages, media_services
from tenants.errors import DomainError
from tenants.models import Business

#: The columns of Business that are its profile; nothing else is changed here.
PROFILE = (
    "name",
    "legal_name",
    "category",
    "description",
    "email",
    "phone",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country",
    "currency_code",
    "primary_color",
    "secondary_color",
    "font",
)


#: What it speaks with its customers.
LANGUAGES = ("language", "other_languages")


class CurrencyInUse(DomainError):
    code = "currency_in_use"
    status = 409
    message = "Visits were booked in the present currency, so it stays."


@transaction.atomic
def change_logo(*, business, image, by, now):
    """Make `image` (bytes) the salon's logo, None for none. Raises media_services.ImageRefused; nothing changes then."""
    row = Business.objects.select_for_update().get(pk=business.pk)
    before = row.logo.name
    if image is not None:
        media_services.set_logo(business=row, image=image)
    elif before:
        row.logo = ""
        row.save(update_fields=["logo"])
    else:
        return
    audit.record(
        actor=by,
        action="salon.changed",
        subject=row,
        at=now,
        before={"logo": before},
        after={"logo": row.logo.name},
    )
    business.logo = row.logo
    transaction.on_commit(lambda host=row.host: hosts.forget(host))


@transaction.atomic
def change_profile(*, business, changes, by, now):
    """Change some of PROFILE (`changes`: column → value); returns what was changed, column → (before, after).

    Raises CurrencyInUse once anything was booked; nothing is written then.
    """
    row, changed = salon_row.with_changes(business=business, columns=PROFILE, changes=changes)
    if "currency_code" in changed and Booking.objects.exists():
        raise CurrencyInUse
    if changed:
        salon_row.clean(row, changed)
        salon_row.write(row=row, changed=changed, business=business, action="salon.changed", by=by, now=now)
    return changed


@transaction.atomic
def change_languages(*, business, language, others, by, now):
    """Write to customers in `language`, and in one of `others` to those who ask for it; returns what was changed.

    Raises Django's ValidationError for a language there is not; nothing is written then. Words that were written in a
    language that is not offered any more are kept.
    """
    known = [each for each in languages.NAMES if each in others and each != language]
    unknown = [each for each in others if each not in languages.NAMES]
    changes = {"language": language, "other_languages": known + unknown}
    row, changed = salon_row.with_changes(business=business, columns=LANGUAGES, changes=changes)
    if changed:
        salon_row.clean(row, changed)
        salon_row.write(row=row, changed=changed, business=business, action="salon.changed", by=by, now=now)
    return changed


@transaction.atomic
def change_listing(*, business, listed, by, now):
    """Whether the platform's directory, and its list for search engines, name the salon. Pressed twice, it is done once."""
    changes = {"is_public_directory": listed}
    row, changed = salon_row.with_changes(business=business, columns=tuple(changes), changes=changes)
    if changed:
        salon_row.write(row=row, changed=changed, business=business, action="salon.changed", by=by, now=now)
