"""Every write of gift cards. Balances change in `balance` alone."""

from giftcards.services.delivering import deliver, deliver_due, deliver_if_due, resend, to_deliver
from giftcards.services.errors import (
    GiftCardInvalid,
    GiftCardSettled,
    GiftCardUnchangeable,
    NotForThisVisit,
    NothingReserved,
    NothingToPay,
    TooFewVisits,
)
from giftcards.services.forgetting import forget, forget_buyer
from giftcards.services.issuing import WHOLE, IssuedDifferently, NotIssuable, issue, issue_many
from giftcards.services.keeping import (
    adjust,
    disable,
    enable,
    expire_due,
    hand_back,
    prolong,
    room_cents,
    take_back,
    to_expire,
)
from giftcards.services.packages import (
    PackageNotSold,
    SaleRefused,
    card_of,
    change_package,
    create_package,
    sell_package,
)
from giftcards.services.paying import (
    redeem,
    release,
    reserve,
    reserve_again,
    restore,
    restore_percent_use,
)

__all__ = [
    "WHOLE",
    "GiftCardInvalid",
    "GiftCardSettled",
    "GiftCardUnchangeable",
    "IssuedDifferently",
    "NotForThisVisit",
    "NotIssuable",
    "NothingReserved",
    "NothingToPay",
    "PackageNotSold",
    "SaleRefused",
    "TooFewVisits",
    "adjust",
    "card_of",
    "change_package",
    "create_package",
    "deliver",
    "deliver_due",
    "deliver_if_due",
    "disable",
    "enable",
    "expire_due",
    "forget",
    "forget_buyer",
    "hand_back",
    "issue",
    "issue_many",
    "prolong",
    "redeem",
    "release",
    "resend",
    "reserve",
    "reserve_again",
    "restore",
    "restore_percent_use",
    "room_cents",
    "sell_package",
    "take_back",
    "to_deliver",
    "to_expire",
]
