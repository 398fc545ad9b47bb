"""Sending invoices out: at once, or as drafts that wait an hour; and what paused collection does with them."""

from ..jobs import job
from . import collecting, invoices, standing


def bill_now(call, subscription, reason, lines, behavior="allow_incomplete"):
    """An invoice that is due at once, tried with the subscription's card as the payment behaviour says.

    Raises the decline, leaving no invoice, where the behaviour allows no debt.
    """
    invoice = invoices.draft(call, subscription, reason, lines)
    if not _collection_paused(call, subscription, invoice):
        invoices.finalize(call, invoice)
        _settle(call, subscription, invoice, behavior)
    return invoice


def bill_later(call, subscription, reason, lines):
    """A renewal's draft, which opens by itself after the account's hour of grace."""
    invoice = invoices.draft(call, subscription, reason, lines)
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    elif not _collection_paused(call, subscription, invoice):
        advance(call, invoice)
    return invoice


def advance(call, invoice):
    """Let an invoice that advances by itself take its next step, finalization or the first attempt, in an hour."""
    if not invoice["auto_advance"]:
        return
    due = call.now + call.world.dunning.finalize_after
    if invoice["status"] == "draft":
        invoice["automatically_finalizes_at"] = due
        call.world.jobs.at(due, "finalize_invoice", call.account, invoice["id"])
    elif invoice["status"] == "open" and not invoice["attempted"]:
        invoice["next_payment_attempt"] = due
        call.world.jobs.at(due, "retry_invoice", call.account, invoice["id"])


@job("finalize_invoice")
def finalize_invoice(call, invoice_id):
    """Open a renewal's draft and ask for the money."""
    invoice = call.find("invoice", invoice_id)
    if invoice is None or invoice["status"] != "draft" or not invoice["auto_advance"]:
        return
    invoices.finalize(call, invoice)
    _settle(call, collecting.subscription_of(call, invoice), invoice, "allow_incomplete", off_session=True)


def _settle(call, subscription, invoice, behavior, off_session=None):
    off_session = bool(call.params.get("off_session")) if off_session is None else off_session
    if invoice["status"] == "paid":
        standing.invoice_paid(call, subscription, invoice)
    elif behavior == "default_incomplete":
        standing.invoice_failed(call, subscription)
    elif behavior == "error_if_incomplete":
        collecting.collect_or_refuse(call, invoice, off_session=off_session)
    else:
        standing.quietly(collecting.collect, call, invoice, off_session=off_session)


def _collection_paused(call, subscription, invoice):
    """Deal with an invoice of a subscription whose collection is paused; False when it is not."""
    paused = subscription["pause_collection"]
    if not paused:
        return False
    invoice["auto_advance"] = False
    if paused["behavior"] != "keep_as_draft":
        invoices.finalize(call, invoice)
        if invoice["status"] == "open":
            give_up = invoices.void if paused["behavior"] == "void" else invoices.mark_uncollectible
            give_up(call, invoice)
    return True
