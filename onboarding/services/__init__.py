"""Opening a salon, step by step: every page and every address of the API calls these verbs."""

from onboarding.services.addresses import as_slug, free_names, host_of, look_at_address
from onboarding.services.availability import Plan, save_availability
from onboarding.services.branding import LogoRefused, save_branding
from onboarding.services.errors import (
    AlreadyOpen,
    Blocked,
    NobodyToBook,
    NobodyWorks,
    NothingBegun,
    NothingToShow,
    ProvisioningFailed,
    RowsRefused,
    SalonEnded,
    SalonNotNamed,
    SalonNotReady,
    StepNotOptional,
    TooManyUnfinished,
)
from onboarding.services.gift_cards import CardsRefused, save_gift_cards
from onboarding.services.going_live import go_live, take_offline
from onboarding.services.location import currency_of, save_location
from onboarding.services.looking import Answer, keep_seen, look_at
from onboarding.services.menu import (
    NothingOffered,
    change_offer,
    import_services,
    save_category,
    save_services,
)
from onboarding.services.notifications import save_notifications, take_back_text
from onboarding.services.opening import (
    choose_address,
    ensure_salon,
    forget_begun,
    provision_left_behind,
    save_business,
)
from onboarding.services.payments import start_payments
from onboarding.services.policies import save_policies
from onboarding.services.progress import (
    MOST_UNFINISHED,
    begin,
    finish_step,
    progress_of,
    refuse_ended,
    skip_step,
)
from onboarding.services.sample import add_sample, remove_sample
from onboarding.services.team import Person, invite_people, save_team

__all__ = [
    "MOST_UNFINISHED",
    "AlreadyOpen",
    "Answer",
    "Blocked",
    "CardsRefused",
    "LogoRefused",
    "NobodyToBook",
    "NobodyWorks",
    "NothingBegun",
    "NothingOffered",
    "NothingToShow",
    "Person",
    "Plan",
    "ProvisioningFailed",
    "RowsRefused",
    "SalonEnded",
    "SalonNotNamed",
    "SalonNotReady",
    "StepNotOptional",
    "TooManyUnfinished",
    "add_sample",
    "as_slug",
    "begin",
    "change_offer",
    "choose_address",
    "currency_of",
    "ensure_salon",
    "finish_step",
    "forget_begun",
    "free_names",
    "go_live",
    "host_of",
    "import_services",
    "invite_people",
    "keep_seen",
    "look_at",
    "look_at_address",
    "progress_of",
    "provision_left_behind",
    "refuse_ended",
    "remove_sample",
    "save_availability",
    "save_branding",
    "save_business",
    "save_category",
    "save_gift_cards",
    "save_location",
    "save_notifications",
    "save_policies",
    "save_services",
    "save_team",
    "skip_step",
    "start_payments",
    "take_back_text",
    "take_offline",
]
