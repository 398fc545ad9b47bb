"""What credits forget with an account: the name. The ledger stays, under an id that says nothing."""

from django.dispatch import receiver

from accounts.signals import account_erased
from payments.credits.models import Profile


@receiver(account_erased)
def forget_name(sender, user, **kwargs):
    Profile.objects.filter(user=user).update(full_name="")
