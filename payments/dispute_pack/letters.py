"""Letters the paper's font has; what it lacks is written in Latin ones, so that a clerk anywhere can read every name."""

import io
import unicodedata
from functools import cache

from anyascii import anyascii
from pymupdf_fonts import NotoSans_Bold, NotoSans_Regular
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "Pack", "Pack-Bold"


@cache
def registered():
    """The two fonts, known to the PDF library; returns the regular one."""
    regular = TTFont(REGULAR, io.BytesIO(NotoSans_Regular.fontbuffer))
    pdfmetrics.registerFont(regular)
    pdfmetrics.registerFont(TTFont(BOLD, io.BytesIO(NotoSans_Bold.fontbuffer)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return regular


def printable(text):
    """The text as the font can write it: Latin, Greek, Cyrillic as they are, other scripts in Latin letters."""
    known = registered().face.charToGlyph
    composed = unicodedata.normalize("NFC", text)
    return "".join(_letter(char, known) for char in composed)


def _letter(char, known):
    if char in "\n\t":
        return char
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""  # neither control characters nor marks that turn the direction of writing
    return char if ord(char) in known else anyascii(char)
