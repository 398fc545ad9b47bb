"""What can be done with a salon as such: open it, give it another address, close it for good."""

from tenants.services.addresses import change_slug, drop_old_addresses
from tenants.services.closing import close_for_good
from tenants.services.opening import claim_slug, give_names_back, open_business

__all__ = ["change_slug", "claim_slug", "close_for_good", "drop_old_addresses", "give_names_back", "open_business"]
