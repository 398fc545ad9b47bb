"""What the salon's settings mean for its catalogue."""

from django.db.models import Q
from django.db.models.functions import Coalesce

from bookings.models import Service, ServiceTeamAssignment
from bookings.settings_rules import policy_warnings


def warnings_about_policies(*, business):
    """Sentences about policies that are allowed and probably not meant. Three queries."""
    services = Service.objects.filter(active=True, deleted_at=None)
    own = ServiceTeamAssignment.objects.filter(service__in=services, team_member__is_active=True)
    prices = set(services.values_list("price_cents", flat=True))
    prices |= set(own.values_list(Coalesce("price_cents", "service__price_cents"), flat=True))
    return policy_warnings(
        business,
        prices=sorted(prices),
        deposits_of_services=services.filter(~Q(deposit_type__in=["", "none"])).exists(),
        charges_enabled=business.billing.charges_enabled,
    )
