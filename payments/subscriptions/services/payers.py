"""The salon as a customer of the platform."""

from payments import gateway
from tenants.models import Membership, Role, TenantBilling


def ensure_customer(business):
    """The id of the salon's customer on the platform's account, made if there is none. Raises gateway.GatewayError.

    Of two made at once one counts; the other moves nothing. dj-stripe finds the salon by the customer's metadata.
    """
    billing = TenantBilling.objects.get(business=business)
    if not billing.stripe_customer_id:
        made = gateway.create_customer(
            account="",
            name=business.legal_name or business.name,
            email=_address_of(business),
            metadata={"tenant": business.schema_name, "djstripe_subscriber": str(business.pk)},
            key=None,
        )
        TenantBilling.objects.filter(business=business, stripe_customer_id="").update(stripe_customer_id=made)
        billing.refresh_from_db(fields=["stripe_customer_id"])
    return billing.stripe_customer_id


def _address_of(business):
    """Where invoices go: to the salon, or to its first owner."""
    owners = Membership.objects.filter(business=business, role=Role.OWNER).order_by("created_at")
    return business.email or owners.values_list("user__email", flat=True).first() or ""
