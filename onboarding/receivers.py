"""What the wizard forgets with an account."""

from django.dispatch import receiver

from accounts.signals import account_erased
from onboarding import services


@receiver(account_erased)
def forget_begun(sender, user, **kwargs):
    services.forget_begun(owner=user)
