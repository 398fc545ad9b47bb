"""Stripe's billing portal: cards, invoices and addresses of a customer, on Stripe's own pages."""

from payments.gateway.calling import call, client


def create_portal_link(*, customer_id, return_url):
    """The address of the customer's portal, good for a few minutes."""
    params = {"customer": customer_id, "return_url": return_url}
    return call(client().v1.billing_portal.sessions.create, params=params).url
