"""A receipt on paper: one column that any name fits into, figures on the right, text that programs can read."""

import io
from xml.sax.saxutils import escape

from django.utils.translation import gettext
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import HRFlowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from payments.dispute_pack.letters import BOLD, REGULAR, printable, registered
from payments.dispute_pack.paper import LETTER_COUNTRIES
from tenants import languages

MARGIN = 22 * mm
PADDING = 6  # points, which the page keeps around whatever stands on it
QUIET, RULE = HexColor("#6b6366"), HexColor("#d8d2d4")
TEXT = ParagraphStyle("receipt", fontName=REGULAR, fontSize=10, leading=14, splitLongWords=1)
STRONG = ParagraphStyle("receipt-strong", parent=TEXT, fontName=BOLD)
FAINT = ParagraphStyle("receipt-faint", parent=TEXT, textColor=QUIET)
FIGURE = ParagraphStyle("receipt-figure", parent=TEXT, alignment=TA_RIGHT)
SUM = ParagraphStyle("receipt-sum", parent=STRONG, alignment=TA_RIGHT)
SALON = ParagraphStyle("receipt-salon", parent=STRONG, fontSize=15, leading=20)
TITLE = ParagraphStyle("receipt-title", parent=STRONG, fontSize=20, leading=26, spaceBefore=6 * mm, spaceAfter=3 * mm)
PLAIN = TableStyle(
    [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0)]
)
RULED = TableStyle(
    [*PLAIN.getCommands(), ("LINEABOVE", (0, 0), (-1, -1), 0.5, RULE), ("LINEABOVE", (0, -1), (-1, -1), 1.2, QUIET)]
)


def paper_of(receipt):
    """The PDF of a ReceiptFor, as bytes; the same for the same receipt."""
    registered()
    found = io.BytesIO()
    title = printable(f"{receipt.title} {receipt.number}, {receipt.salon.name}")
    document = SimpleDocTemplate(
        found,
        pagesize=LETTER if receipt.salon.country in LETTER_COUNTRIES else A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=title,
        author=printable(receipt.salon.name),
        creator="Tithi",
        lang=receipt.language,
        invariant=1,  # neither today's date nor a number of its own: the same bytes
    )
    with languages.speaking(receipt.language):
        document.build(list(_flow(receipt, document.width - 2 * PADDING)))
    return found.getvalue()


def _flow(receipt, width):
    yield from _letterhead(receipt.salon)
    yield Paragraph(_safe(receipt.title), TITLE)
    facts = [
        (gettext("Number"), receipt.number),
        (gettext("Date"), receipt.date),
        (gettext("To"), receipt.to),
        *receipt.facts,
    ]
    rows = [(Paragraph(_safe(name), FAINT), Paragraph(_safe(value), TEXT)) for name, value in facts]
    yield Table(rows, colWidths=[width * 0.28, width * 0.72], style=PLAIN)
    yield Spacer(0, 6 * mm)
    lines = [(Paragraph(_safe(name), TEXT), Paragraph(_safe(value), FIGURE)) for name, value in receipt.lines]
    name, value = receipt.total
    lines.append((Paragraph(_safe(name), STRONG), Paragraph(_safe(value), SUM)))
    yield Table(lines, colWidths=[width * 0.68, width * 0.32], style=RULED)
    yield Spacer(0, 6 * mm)
    for note in receipt.notes:
        yield Paragraph(_safe(note), FAINT)


def _letterhead(salon):
    yield Paragraph(_safe(salon.name), SALON)
    legal = [salon.legal_name] if salon.legal_name and salon.legal_name != salon.name else []
    phone = [salon.phone.as_international] if salon.phone else []
    for line in (*legal, *salon.address_lines, *phone, *([salon.email] if salon.email else [])):
        yield Paragraph(_safe(line), FAINT)
    yield HRFlowable(width="100%", thickness=2, color=HexColor(salon.primary_color), spaceBefore=4 * mm)


def _safe(text):
    return escape(printable(" ".join(text.split())))
