"""Step 11: how the salon is paid. Stripe is asked outside of any transaction."""

from onboarding.services.progress import finish_step
from payments.connect import services as connect


def start_payments(*, progress, return_url, refresh_url, by, now):
    """The way to Stripe's pages for the salon's account; returns its address. The step is finished with that.

    Raises connect.ConnectUnavailable, connect.ConnectRefused.
    """
    found = connect.start_onboarding(
        business=progress.business, return_url=return_url, refresh_url=refresh_url, by=by, now=now
    )
    finish_step(progress=progress, number=11)
    return found.url
