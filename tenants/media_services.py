"""Uploaded images: decoded and drawn anew, so that nothing but pixels is kept."""

import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from tenants import hosts
from tenants.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 20_000_000
LOGO_SIZE = (512, 512)
FORMATS = ("PNG", "JPEG", "WEBP")
#: What Pillow raises for a file that is no picture, a broken one, or one larger than it says.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)


class ImageRefused(DomainError):
    code = "image_refused"
    status = 422
    message = "Please choose a PNG, JPEG or WebP picture of at most 5 MB."


def set_logo(*, business, image):
    """Make `image` (bytes) the salon's logo. Raises ImageRefused; SVG, HTML and oversized pictures are refused."""
    business.logo.save("logo.webp", ContentFile(redraw(image, LOGO_SIZE)), save=False)
    business.save(update_fields=["logo"])
    hosts.forget(business.host)


def redraw(data, size):
    """The picture as WebP bytes within `size` (pixels), without metadata. Raises ImageRefused."""
    if len(data) > MAX_BYTES:
        raise ImageRefused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise ImageRefused
            picture = picture.convert("RGBA")
    except UNREADABLE as exc:
        raise ImageRefused from exc
    picture.thumbnail(size)
    out = BytesIO()
    picture.save(out, "WEBP", quality=88)
    return out.getvalue()
