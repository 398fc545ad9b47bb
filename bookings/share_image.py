"""The picture that stands beside a shared link: the salon's name in its face on its colours. Pure.

For salons without a logo; what is drawn follows `tenants.branding`, so that it looks like the page behind the link.
"""

import io
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from tenants import branding

SIZE = (1200, 630)
MARGIN, WIDTH, HEIGHT = 80, 790, 380  # left of the disc
FACES = {"sans": "figtree", "serif": "instrument-serif", "rounded": "quicksand"}
LARGEST, SMALLEST, STEP = 132, 44, 8
#: Letters the faces have beyond Latin-1.
MORE = frozenset("œŒ‘’“”–—…€™")


@lru_cache(maxsize=256)  # a tenth of a second each, and the same until the salon changes
def draw(*, name, place, primary, secondary="", font="sans"):
    """A PNG's bytes. A name in letters that the faces do not have is left out: squares say nothing."""
    colors = branding.tokens(scheme="light", primary=primary, secondary=secondary)
    image = Image.new("RGB", SIZE, colors["second-tint"])
    pen = ImageDraw.Draw(image)
    pen.ellipse((880, 350, 1310, 780), fill=colors["brand"])
    if _can_be_drawn(name):
        text, face, height = _fitted(pen, name, font)
        pen.multiline_text((MARGIN, MARGIN), text, font=face, fill=colors["ink"], spacing=face.size // 8)
        if place and _can_be_drawn(place):
            small = _face("sans" if font == "serif" else font, 36)
            pen.text((MARGIN, MARGIN + height + 48), _shortened(place), font=small, fill=colors["muted"])
    png = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _fitted(pen, name, font):
    """(the name in lines, the largest face in which it fits, how high that is)."""
    for size in range(LARGEST, SMALLEST - 1, -STEP):
        face = _face(font, size)
        text = "\n".join(_lines(name, face))
        _, _, right, bottom = pen.multiline_textbbox((0, 0), text, font=face, spacing=size // 8)
        if right <= WIDTH and bottom <= HEIGHT:
            break
    return text, face, bottom


def _lines(name, face):
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > WIDTH:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _shortened(text, most=40):
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _can_be_drawn(text):
    return bool(text.strip()) and all(" " <= letter <= "ÿ" or letter in MORE for letter in text)


def _face(font, size):
    face = ImageFont.truetype(settings.BASE_DIR / f"static/fonts/{FACES[font]}.woff2", size)
    if font != "serif":  # the others come in every weight, the lightest first
        face.set_variation_by_axes([500])
    return face
