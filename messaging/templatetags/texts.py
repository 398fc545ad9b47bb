"""Whether this installation sends text messages, for the pages that speak of them."""

from django import template
from django.conf import settings

from messaging import gateway

register = template.Library()


@register.simple_tag
def texts_are_sent():
    return gateway.is_on()


@register.simple_tag
def credits_per_text():
    return settings.CREDITS_PER_SMS
