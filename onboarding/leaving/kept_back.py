"""What a salon's own data are, table by table, and what of them is not given out: keys, and what keys are made from."""

#: Every table of a salon has to stand here (a test says so): the fields that are left out of it, or None for all of it.
LEFT_OUT = {
    "sessions.Session": None,  # who holds one is signed in
    "audit.AuditEntry": (),
    "api_tokens.APIToken": ("digest",),
    # The words carry links that open visits, and codes of gift cards.
    "messaging.Message": ("dedupe_key", "text", "html", "attachments", "last_error", "unsubscribe_url", "provider_id"),
    "messaging.NotificationTemplate": (),
    "messaging.Suppression": (),
    "messaging.Notice": (),
    "messaging.NoticeSettings": (),
    "bookings.Booking": ("browser_key", "client_key", "params_hash"),
    "bookings.BookingItem": (),
    "bookings.Occupancy": (),
    "bookings.ServiceCategory": (),
    "bookings.Service": (),
    "bookings.Service_resources": (),
    "bookings.ServiceTeamAssignment": (),
    "bookings.Customer": (),
    "bookings.CustomerNote": (),
    "bookings.FormerCustomer": (),
    "bookings.OpeningHours": (),
    "bookings.TeamMemberAvailability": (),
    "bookings.ServiceHours": (),
    "bookings.Break": (),
    "bookings.SpecialDay": (),
    "bookings.SpecialOpening": (),
    "bookings.Closure": (),
    "bookings.TimeBlock": (),
    "bookings.ReminderRule": (),
    "bookings.ReminderSettings": (),
    "bookings.Resource": (),
    "bookings.GroupSession": (),
    "bookings.Seat": (),
    "bookings.Series": (),
    "bookings.Family": (),
    "bookings.TeamMember": (),
    "feeds.FeedLink": ("digest",),
    # An address of somebody's calendar is a key to it.
    "feeds.BusyCalendar": ("url", "claimed_until"),
    "waitlist.Wish": (),
    "waitlist.WishedService": (),
    "waitlist.Offer": (),
    "waitlist.FreedTime": (),
    "reviews.Review": (),
    "reviews.ReviewSettings": (),
    "giftcards.GiftCard": ("code_digest",),
    "giftcards.GiftReservation": (),
    "giftcards.GiftCardEntry": (),
    "payments.MoneyAction": ("client_key", "params_hash", "key_generation", "leased_until"),
    "payments.SavedCard": (),
    "payments.CardSetup": (),
    "payments.CardHold": ("leased_until",),
    "payments.LedgerEntry": (),
    "payments.Dispute": (),
    "payments.GiftCardOrder": ("form_key", "checkout_session_id"),
    "payments.Payment": (),
    "payments.Refund": (),
    # Secrets stand in no table: they follow from a key of the installation.
    "webhooks.WebhookEndpoint": ("secret_generation", "claimed_until"),
    "webhooks.WebhookEvent": (),
    "webhooks.WebhookDelivery": (),
}
#: The salon's rows in `public`: relation of Business → fields that are given out.
SHARED = {
    "memberships": ("user__email", "user__first_name", "user__last_name", "role", "created_at"),
    "domains": ("domain", "is_primary"),
    "custom_domains": ("domain", "created_at", "verified_at"),
    "invitations": ("email", "role", "created_at", "expires_at", "accepted_at", "revoked_at"),
}
#: Of the salon itself all is given out but its schema's name, which is nobody's business.
NOT_OF_THE_SALON = ("schema_name",)
