"""What a message can be about: when it leaves, who gets it, and which placeholders its words may hold. Pure."""

from dataclasses import dataclass

#: Placeholder → what stands in its place.
PLACEHOLDERS = {
    "customer_name": "the customer’s name",
    "service_name": "what was booked",
    "staff_name": "who does it",
    "booking_date": "the date of the visit",
    "booking_time": "the time of the visit, on the salon’s wall",
    "price": "the price of the visit",
    "confirmation_number": "the number people read out",
    "manage_link": "the link to see, move or cancel the visit",
    "review_link": "the link to rate the visit; its paragraph is left out where no reviews are taken",
    "cancellation_policy": "what cancelling costs, by the terms of the visit",
    "amount": "the sum this is about",
    "pay_link": "the link to confirm or exchange the card",
    "recipient_name": "who is given the card",
    "giver_name": "who gives it",
    "gift_card_value": "what the card is worth",
    "gift_card_code": "the code of the card",
    "gift_card_link": "the link to see and print the card",
    "offer_until": "until when the time is kept",
    "offer_link": "the link to take the time",
    "inviter_name": "who invites",
    "role_name": "what the person will be in the team",
    "invitation_link": "the link to accept the invitation",
    "subscription_name": "what is paid for again and again",
    "renewal_date": "the date of the next payment",
    "subscription_link": "the link to see and end it",
    "business_name": "the salon’s name",
    "business_phone": "the salon’s phone number",
    "business_address": "the salon’s address",
    "booking_link": "the address of the booking site",
}
#: Those that are addresses: in HTML they can be clicked.
LINKS = frozenset(
    {
        "manage_link",
        "review_link",
        "pay_link",
        "gift_card_link",
        "offer_link",
        "invitation_link",
        "subscription_link",
        "booking_link",
    }
)
#: Links that may be missing: their paragraph is left out then.
OPTIONAL = frozenset({"review_link"})

SALON = ("business_name", "business_phone", "business_address", "booking_link")
VISIT = (
    "customer_name",
    "service_name",
    "staff_name",
    "booking_date",
    "booking_time",
    "price",
    "confirmation_number",
    "manage_link",
    *SALON,
)
#: While it can still be cancelled.
TO_COME = (*VISIT, "cancellation_policy")
PAST = (*VISIT, "review_link")
PAID = (*VISIT, "amount")
CARD_STOPPED = (*PAID, "pay_link")
OFFERED = (
    "customer_name",
    "service_name",
    "staff_name",
    "booking_date",
    "booking_time",
    "price",
    "offer_until",
    "offer_link",
    *SALON,
)
INVITED = ("inviter_name", "role_name", "invitation_link", *SALON)
SUBSCRIBED = ("customer_name", "subscription_name", "amount", "renewal_date", "subscription_link", *SALON)
GIFT = ("recipient_name", "giver_name", "gift_card_value", "gift_card_code", "gift_card_link", *SALON)


@dataclass(frozen=True, slots=True)
class Trigger:
    """`about` says when the message leaves and to whom; `mailed` whether the product sends it by e-mail today, `texted`
    whether as a text message, too.
    """

    value: str
    label: str
    about: str
    placeholders: tuple[str, ...] = TO_COME
    mailed: bool = True
    texted: bool = True


TRIGGERS = {
    trigger.value: trigger
    for trigger in (
        Trigger("booking_created", "Request received", "To the customer, where the salon confirms bookings by hand."),
        Trigger("booking_confirmed", "Booking confirmed", "To the customer, when the visit is booked."),
        Trigger("booking_rescheduled", "Booking moved", "To the customer, when the visit gets another time or person."),
        Trigger("booking_cancelled", "Booking cancelled", "To the customer, whoever cancelled.", VISIT),
        Trigger("reminder", "Reminder", "To the customer, before the visit."),
        Trigger("completed", "Visit completed", "To the customer, with the receipt of what was charged.", PAID),
        Trigger("no_show", "Not come", "To the customer, with the receipt of the fee that was charged.", PAID),
        Trigger("refunded", "Refund", "To the customer, when money goes back.", PAID),
        Trigger(
            "follow_up",
            "Follow-up",
            "To the customer, some time after the visit, if they agreed to news.",
            PAST,
            texted=False,  # nobody has agreed to advertising by text
        ),
        Trigger("gift_card", "Gift card", "To whoever is given the card, on its day.", GIFT, texted=False),
        Trigger(
            "card_needs_attention",
            "Card needs attention",
            "To the customer, when a card could not be charged.",
            CARD_STOPPED,
        ),
        Trigger(
            "waitlist_offer",
            "Waiting list: a time is free",
            "To the customer, when a time they wait for becomes free.",
            OFFERED,
        ),
        Trigger("team_invitation", "Team invitation", "To whoever is asked to join the team.", INVITED, texted=False),
        Trigger(
            "subscription",
            "Subscription",
            "To the customer, when something they pay for regularly begins, renews or ends.",
            SUBSCRIBED,
            texted=False,
        ),
    )
}
#: What leaves as a text message where a salon wants it. Of the others only a mail address is known, or agreed to.
TEXTED = frozenset(trigger.value for trigger in TRIGGERS.values() if trigger.texted)
#: Whether these leave as a text is said by the salon's rules, which count with or without a text of its own.
RULED = frozenset({"reminder"})
CHOICES = [(trigger.value, trigger.label) for trigger in TRIGGERS.values()]
