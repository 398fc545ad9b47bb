"""The booking page as its owner sees it before anybody else can: a signed address on the salon's own host.

It shows the front page, in a frame of the platform's pages or by itself; nothing can be booked there.
"""

from django.core import signing

from tenants import hosts

#: How long a preview's address works, in seconds.
AGE = 60 * 60
SALT = "onboarding.preview"


def address(business):
    """The preview's address; it changes every second, so that no browser shows the page of before the last save."""
    token = signing.TimestampSigner(salt=SALT).sign(str(business.pk))
    return f"{business.url}/preview/{token}/"


def is_valid(token, business):
    """Whether the address was made for this salon, and lately."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(token, max_age=AGE) == str(business.pk)
    except signing.BadSignature:
        return False


def framing(business):
    """What the wizard's pages may frame: policy of the platform's page."""
    return {"frame-src": [business.url]}


def framed():
    """Who may frame the preview: policy of the salon's page."""
    return {"frame-ancestors": [hosts.platform_url()]}
