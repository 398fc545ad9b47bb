"""How often the API may be asked: by one caller, and in one salon by all of them together.

Counted per host (`tenants.limits`): who works for two salons has the allowance in each. What is closer to money or to
passwords has limits of its own beside these.
"""

from rest_framework.throttling import BaseThrottle

from tenants import limits
from tenants.addresses import bucket, client_address

PER_PERSON = limits.Limit("api-person", times=600, seconds=60)
PER_ADDRESS = limits.Limit("api-address", times=300, seconds=60)
PER_SALON = limits.Limit("api-salon", times=12_000, seconds=60)


class Throttle(BaseThrottle):
    """Raises `limits.TooMany`, which says when to come back; so it never answers no."""

    def allow_request(self, request, view):
        address = client_address(request)
        if request.user.is_authenticated:
            limits.take(PER_PERSON, str(request.user.pk), address=address)
        else:
            limits.take(PER_ADDRESS, bucket(address), address=address)
        limits.take(PER_SALON, address=address)
        return True
