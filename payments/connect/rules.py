"""What Stripe's word about an account means for the salon, in a state and in sentences."""

from tenants.models import ConnectStatus

#: Stripe's reasons, as the owner reads them; what is not listed is shown as missing details.
SENTENCES = {
    "requirements.past_due": "Stripe is missing details about your business.",
    "requirements.pending_verification": "Stripe is checking the details you sent.",
    "under_review": "Stripe is reviewing your account.",
    "action_required.requested_capabilities": "Stripe needs you to confirm that you want to take cards.",
    "platform_paused": "Card payments are paused by Tithi. Please write to us.",
    "listed": "Stripe has closed this account for card payments. Please write to Stripe.",
    "other": "Stripe takes no cards for you at the moment. Please look at your Stripe account.",
}
REJECTED = "Stripe has closed this account for card payments. Please write to Stripe."


def status_of(account):
    """The state of an account that Stripe has told us about."""
    if account.charges_enabled:
        return ConnectStatus.ACTIVE
    return ConnectStatus.RESTRICTED if account.details_submitted else ConnectStatus.PENDING


def sentence(reason):
    """Why no cards are taken, for the owner."""
    if reason.startswith("rejected."):
        return REJECTED
    return SENTENCES.get(reason, SENTENCES["requirements.past_due"])
