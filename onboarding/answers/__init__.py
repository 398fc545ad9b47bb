"""What was answered, step by step, in the shapes the API takes: read back from the salon itself."""

from onboarding.answers import beginning, branding, finishing, menu, people, rules

#: Step number → what reads its answer, given the Business; called in the salon's schema.
READERS = {
    3: beginning.location,
    4: people.team,
    5: branding.branding,
    6: menu.menu,
    7: people.availability,
    8: rules.notifications,
    9: rules.policies,
    10: rules.gift_cards,
    11: finishing.payments,
    12: finishing.going_live,
}


def before_the_salon(progress):
    """The first answers, while there is no salon."""
    found = {"1": beginning.business(progress, progress.industry)}
    if progress.slug:
        found["2"] = {"subdomain": progress.slug}
    return found


def of_salon(progress):
    """The answers of the steps that were completed. Call in the salon's schema."""
    business = progress.business
    found = {"1": beginning.business(business, business.category), "2": {"subdomain": business.slug}}
    done = progress.completed_steps
    return found | {str(number): reader(business) for number, reader in READERS.items() if number in done}
