"""A balance of credits: given at sign-up, spent and given back. Each change has its entry, once per cause."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from payments.credits.models import CreditEntry, CreditEntryKind, Profile
from tenants.errors import DomainError


class NoProfile(DomainError):
    code = "no_profile"
    status = 404
    message = "There is no profile yet."


class NotEnoughCredits(DomainError):
    code = "not_enough_credits"
    status = 402
    message = "There are not enough credits for this."


class ReferenceTaken(DomainError):
    code = "reference_taken"
    status = 422
    message = "This reference was used for something else."


class NothingSpent(DomainError):
    code = "nothing_spent"
    status = 404
    message = "Nothing was spent under this reference."


# Profiles ----------------------------------------------------------------------------------------


@transaction.atomic
def get_or_create_profile(*, user, full_name, now):
    """The person's profile, made with the credits everybody starts with: (Profile, whether it is new)."""
    profile, made = Profile.objects.get_or_create(user=user, defaults={"full_name": full_name or user.get_full_name()})
    if made:
        book(profile, CreditEntryKind.SIGNUP, settings.CREDITS_AT_SIGNUP, str(user.pk), now)
        profile.refresh_from_db()
    return profile, made


def update_profile(*, user, full_name):
    """Raises NoProfile."""
    profile = profile_of(user)
    profile.full_name = full_name
    profile.save(update_fields=["full_name", "updated_at"])
    return profile


def profile_of(user):
    """Raises NoProfile."""
    profile = Profile.objects.filter(user=user).first()
    if profile is None:
        raise NoProfile
    return profile


# Spending ----------------------------------------------------------------------------------------


@transaction.atomic
def spend(*, user, amount, reference, now, note=""):
    """Take credits for what `reference` names, once, however often it is asked; returns the CreditEntry.

    Raises NoProfile, NotEnoughCredits, ReferenceTaken. Nothing is written then.
    """
    if amount <= 0:
        raise ValueError("only a positive amount can be spent")
    profile = _locked(user)
    return _once(profile, CreditEntryKind.SPEND, -amount, reference, now, note)


@transaction.atomic
def give_back(*, user, reference, now, note=""):
    """Return what was spent under a reference, once; returns the CreditEntry. Raises NoProfile, NothingSpent."""
    profile = _locked(user)
    spent = profile.entries.filter(kind=CreditEntryKind.SPEND, reference=reference).first()
    if spent is None:
        raise NothingSpent
    return _once(profile, CreditEntryKind.RETURN, -spent.amount_signed, reference, now, note)


def _locked(user):
    profile = Profile.objects.select_for_update().filter(user=user).first()
    if profile is None:
        raise NoProfile
    return profile


def _once(profile, kind, amount, reference, now, note=""):
    earlier = CreditEntry.objects.filter(kind=kind, reference=reference).first()
    if earlier is None:
        return book(profile, kind, amount, reference, now, note)
    if (earlier.profile_id, earlier.amount_signed) != (profile.pk, amount):
        raise ReferenceTaken
    return earlier


def book(profile, kind, amount, reference, now, note=""):
    """The only writer of a balance: one guarded statement, and the entry that explains it. Raises as `spend` does."""
    try:
        with transaction.atomic():
            enough = Profile.objects.filter(pk=profile.pk, credits__gte=-amount)
            if not enough.update(credits=F("credits") + amount, updated_at=now):
                raise NotEnoughCredits
            return CreditEntry.objects.create(
                profile=profile,
                kind=kind,
                amount_signed=amount,
                balance_after=Profile.objects.values_list("credits", flat=True).get(pk=profile.pk),
                reference=reference,
                note=note[:200],
                at=now,
            )
    except IntegrityError as exc:  # somebody else used the reference this very moment
        if exc.__cause__.diag.constraint_name == "one_credit_entry_per_cause":
            raise ReferenceTaken from exc
        raise
