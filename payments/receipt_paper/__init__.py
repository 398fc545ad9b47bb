"""A receipt as a PDF: of a charge, of a refund, of a sold gift card. The same receipt is the same bytes at any time."""

from payments.receipt_paper.paper import paper_of
from payments.receipt_paper.told import ReceiptFor, has_paper, of_action, of_booking, of_order

__all__ = ["ReceiptFor", "has_paper", "of_action", "of_booking", "of_order", "paper_of"]
