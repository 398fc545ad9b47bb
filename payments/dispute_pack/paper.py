"""The pack as a PDF: plain paper, every line as long as it is, pages numbered."""

import io
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate

from payments.dispute_pack.letters import BOLD, REGULAR, printable, registered
from payments.dispute_pack.told import sections

MARGIN = 18 * mm
QUIET = HexColor("#6b6366")
#: Where paper is Letter; A4 everywhere else.
LETTER_COUNTRIES = ("US", "CA", "MX", "CL", "CO", "PH")
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=9.5, leading=13.5, spaceAfter=2, splitLongWords=1)
QUOTED = ParagraphStyle("quoted", parent=TEXT, leftIndent=6 * mm, textColor=QUIET, spaceAfter=6)
HEADING = ParagraphStyle(
    "heading", parent=TEXT, fontName=BOLD, fontSize=11.5, leading=15, spaceBefore=10, keepWithNext=1
)
TITLE = ParagraphStyle("title", parent=HEADING, fontSize=16, leading=21, spaceBefore=0, spaceAfter=4)


def paper_of(*, pack, country=""):
    """The PDF of a pack, as bytes; `country` is the salon's and decides about the size of the sheets."""
    registered()
    title = printable(f"Dispute pack {pack.diary.confirmation_number}, {pack.salon['name']}")
    found = io.BytesIO()
    document = SimpleDocTemplate(
        found,
        pagesize=LETTER if country in LETTER_COUNTRIES else A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author=printable(pack.salon["name"]),
        creator="Tithi",
    )
    footer = _footer(title)
    document.build([Paragraph(escape(title), TITLE), *_flow(pack)], onFirstPage=footer, onLaterPages=footer)
    return found.getvalue()


def _flow(pack):
    for title, lines in sections(pack):
        yield Paragraph(escape(title), HEADING)
        for label, text in lines:
            yield _line(label, text)


def _line(label, text):
    """One line of a section; without a label it is quoted, as it was sent."""
    words = "<br/>".join(escape(printable(line)) for line in text.splitlines()) or "–"
    if not label:
        return Paragraph(words, QUOTED)
    return Paragraph(f"<b>{escape(printable(label))}:</b> {words}", TEXT)


def _footer(title):
    def draw(canvas, document):
        canvas.saveState()
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(QUIET)
        width, _ = document.pagesize
        canvas.drawString(MARGIN, 10 * mm, title[:110])
        canvas.drawRightString(width - MARGIN, 10 * mm, f"Page {canvas.getPageNumber()}")
        canvas.restoreState()

    return draw
