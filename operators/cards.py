"""On an owner's page about the salon: who of Tithi has looked in."""

from django.urls import reverse

from onboarding.manage.cards import Card
from operators.queries import is_open
from tenants.models import SupportAccess


def support_card(business, now):
    access = SupportAccess.objects.filter(business=business).first()
    if access is None:
        text = "Nobody of Tithi has looked into your salon."
    elif is_open(access, now):
        text = f"{access.operator_label} of Tithi can look into your salon now."
    else:
        text = f"{access.operator_label} of Tithi looked in last, on {access.opened_at.astimezone(business.zone):%-d %b %Y}."
    return Card("Tithi support", text, reverse("salon-support", args=[business.pk]), "See what was looked at")
