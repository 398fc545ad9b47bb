"""What a salon shows a customer's bank when a payment is disputed: who agreed to what, came or did not, and what moved.

Everything is of one booking, read in the salon's own schema. The same pack as JSON, on paper, or as the text Stripe takes.
"""

from payments.dispute_pack.evidence import texts_for_stripe
from payments.dispute_pack.pack import Pack, pack_of

__all__ = ["Pack", "pack_of", "paper_of", "texts_for_stripe"]


def paper_of(*, pack, country=""):
    """The pack as a PDF, in bytes; `country` is the salon's and decides about the size of the sheets."""
    from payments.dispute_pack import paper  # a library of 15 MB that few processes ever need

    return paper.paper_of(pack=pack, country=country)
