"""The words the product suggests in English."""

from messaging.defaults.letters import letter


def _letter(*paragraphs, to="{{customer_name}}"):
    return letter(f"Hello {to},", *paragraphs)


#: trigger → (subject, body) of the e-mail
EMAILS = {
    "booking_created": (
        "We have your request for {{booking_date}}",
        _letter(
            "Thank you for your request: {{service_name}} with {{staff_name}} on {{booking_date}} at "
            "{{booking_time}}. The time is kept for you, and we will confirm it shortly.",
        ),
    ),
    "booking_confirmed": (
        "Confirmed: {{booking_date}}, {{booking_time}} at {{business_name}}",
        _letter(
            "You are booked: {{service_name}} with {{staff_name}} on {{booking_date}} at {{booking_time}}. We "
            "look forward to seeing you.",
            "If something comes up, you can move or cancel your visit here: {{manage_link}}",
        ),
    ),
    "booking_rescheduled": (
        "Moved to {{booking_date}}, {{booking_time}} at {{business_name}}",
        _letter(
            "Your visit has moved. We now expect you on {{booking_date}} at {{booking_time}} for {{service_name}} "
            "with {{staff_name}}.",
            "Does the new time not suit you? You can choose another one here: {{manage_link}}",
        ),
    ),
    "booking_cancelled": (
        "Cancelled: {{booking_date}}, {{booking_time}} at {{business_name}}",
        _letter(
            "Your visit on {{booking_date}} at {{booking_time}} is cancelled. We hope to see you another time: "
            "{{booking_link}}",
        ),
    ),
    "reminder": (
        "See you on {{booking_date}} at {{booking_time}}",
        _letter(
            "We look forward to seeing you on {{booking_date}} at {{booking_time}} for {{service_name}} with "
            "{{staff_name}}.",
            "{{cancellation_policy}} To move or cancel your visit: {{manage_link}}",
        ),
    ),
    "completed": (
        "Your receipt from {{business_name}}",
        _letter(
            "Thank you for your visit. {{amount}} was charged for {{service_name}} on {{booking_date}}; the "
            "receipt is below.",
            "We would be glad to see you again: {{booking_link}}",
        ),
    ),
    "no_show": (
        "We missed you on {{booking_date}}",
        _letter(
            "We expected you on {{booking_date}} at {{booking_time}} for {{service_name}} and are sorry that you "
            "could not come. By the terms you agreed to, {{amount}} was charged; the receipt is below.",
            "You are welcome to book another time: {{booking_link}}",
        ),
    ),
    "refunded": (
        "Your refund from {{business_name}}",
        _letter(
            "{{amount}} for your visit on {{booking_date}} is on its way back to you. Banks take up to ten days "
            "to show it.",
        ),
    ),
    "follow_up": (
        "How was your visit to {{business_name}}?",
        _letter(
            "We hope that you are happy with your {{service_name}}. If something is not as you wish, please "
            "answer this mail.",
            "Would you tell others how it was? It takes a minute: {{review_link}}",
            "Your next visit is only a few clicks away: {{booking_link}}",
        ),
    ),
    "gift_card": (
        "A gift for you: {{gift_card_value}} at {{business_name}}",
        _letter(
            "There is a gift for you from {{giver_name}}: {{gift_card_value}} at {{business_name}}.",
            "Type your code when you book, or show it at the salon: {{gift_card_code}}. Your card, to look at and "
            "to print: {{gift_card_link}}",
            to="{{recipient_name}}",
        ),
    ),
    "card_needs_attention": (
        "{{business_name}}: your card needs your attention",
        _letter(
            "{{amount}} for your visit on {{booking_date}} could not be charged to your card. Please confirm it "
            "with your bank, or use another card: {{pay_link}}",
            "If you have a question, please answer this mail.",
        ),
    ),
    "waitlist_offer": (
        "A time for you on {{booking_date}} at {{business_name}}",
        _letter(
            "A time you were waiting for is free: {{service_name}} with {{staff_name}} on {{booking_date}} at "
            "{{booking_time}}.",
            "It is kept for you until {{offer_until}}. Take it here: {{offer_link}}",
        ),
    ),
    "team_invitation": (
        "{{inviter_name}} asks you to join {{business_name}}",
        letter(
            "Hello,",
            "{{inviter_name}} asks you to join the team of {{business_name}}, as {{role_name}}.",
            "Accept here: {{invitation_link}}",
        ),
    ),
    "subscription": (
        "{{subscription_name}} at {{business_name}}",
        _letter(
            "This is about {{subscription_name}} with us: {{amount}}, next on {{renewal_date}}.",
            "You can see and end it here: {{subscription_link}}",
        ),
    ),
}
#: trigger → the text message
TEXTS = {
    "booking_created": "{{business_name}}: we have your request for {{booking_date}}, {{booking_time}}, and will "
    "confirm it shortly. {{manage_link}}",
    "booking_confirmed": "{{business_name}}: you are booked for {{booking_date}}, {{booking_time}}. To move or cancel: "
    "{{manage_link}}",
    "booking_rescheduled": "{{business_name}}: your visit has moved to {{booking_date}}, {{booking_time}}. To change "
    "it: {{manage_link}}",
    "booking_cancelled": "{{business_name}}: your visit on {{booking_date}}, {{booking_time}} is cancelled. Book again: "
    "{{booking_link}}",
    "reminder": "{{business_name}}: see you on {{booking_date}}, {{booking_time}}. To move or cancel: {{manage_link}}",
    "completed": "{{business_name}}: thank you for your visit. {{amount}} was charged. Book again: {{booking_link}}",
    "no_show": "{{business_name}}: we missed you on {{booking_date}}, {{booking_time}}. By the terms you agreed to, "
    "{{amount}} was charged. {{manage_link}}",
    "refunded": "{{business_name}}: {{amount}} is on its way back to you. Banks take up to ten days to show it.",
    "follow_up": "{{business_name}}: we hope that you are happy with your {{service_name}}. Book again: "
    "{{booking_link}}",
    "gift_card": "A gift for you from {{giver_name}}: {{gift_card_value}} at {{business_name}}. Your card: "
    "{{gift_card_link}}",
    "card_needs_attention": "{{business_name}}: {{amount}} could not be charged to your card. Please settle it: "
    "{{pay_link}}",
    "waitlist_offer": "{{business_name}}: {{booking_date}}, {{booking_time}} is free and kept for you until "
    "{{offer_until}}: {{offer_link}}",
    "team_invitation": "{{inviter_name}} asks you to join the team of {{business_name}}: {{invitation_link}}",
    "subscription": "{{business_name}}: {{subscription_name}}, {{amount}}, next on {{renewal_date}}. "
    "{{subscription_link}}",
}
