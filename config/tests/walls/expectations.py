"""What is answered, literally: by the beginning of an address, to whom, and about whose ids.

The longest beginning that fits counts. Statuses of methods a view does not take (405), and of OPTIONS, go without saying.
"""

#: Whom a salon's host treats alike.
GROUPS = {
    "stranger": "outside",
    "foreign key": "outside",
    "foreign token": "outside",
    "neighbour": "nobody",
    "operator": "nobody",
    "two hats": "viewer",
    "support": "viewer",
    "staff": "staff",
    "admin": "admin",
    "owner": "owner",
}
#: Whom the platform's host treats alike.
PLATFORM_GROUPS = {
    "stranger": "outside",
    "newcomer": "nobody",
    "admin": "admin",
    "owner": "owner",
    "operator": "operator",
}
#: A way to the sign-in page.
SIGN_IN = 302
#: What may be answered about one's own: that is for each page's own tests to say.
ANSWERED = {200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 409, 410, 415, 422, 428, 429}

#: Doors of a salon's team: beginning → (to strangers and other salons' programs, to people who are nobody here),
#: whosever ids are asked for, and where there are none.
CLOSED = {
    "admin/": ({SIGN_IN}, {404}),
    "dashboard/": ({SIGN_IN}, {404}),
    "api/v1/": ({401}, {404}),
    "api/payments/": ({401}, {404}),
    "accounts/sessions/": ({SIGN_IN}, {200, 302}),
    "auth/me": ({401}, {200, 400}),
}
#: What of it is open: by pattern.
OPEN = {"admin/login/", "admin/logout/", "api/v1/gift-cards/check", "api/v1/packages/on-offer"}

#: Ids and links of another salon: beginning → group → statuses. Whom a group does not name, nobody's answer suits.
FOREIGN = {
    "": {"outside": {404}, "nobody": {404}, "viewer": {404}, "staff": {404}, "admin": {404}, "owner": {404}},
    "admin/": {"viewer": {403, 404}, "staff": {403, 404}, "admin": {403, 404}},
    "dashboard/": {"viewer": {403, 404}, "staff": {403, 404}, "admin": {403, 404}},
    "api/": {"viewer": {403, 404}, "staff": {403, 404}, "admin": {403, 404}},
}
#: pattern → what else may be answered about a foreign id, and why it says nothing.
FOREIGN_TOO = {
    # Django's old addresses of records lead to the new ones, for whatever id; those are 404.
    r"admin/\w+/\w+/<path:object_id>/": {302},
    # Records nobody may change: refused before anything is looked for.
    r"admin/\w+/\w+/<path:object_id>/(change|delete|history)/": {403},
    # A press on what is gone goes back to the list, which says so; another salon's is as gone as that.
    r"admin/api-access/<uuid:pk>/revoke/": {302},
    r"admin/team-access/(invitations|members)/<uuid:pk>/(resend|revoke|role|remove)/": {302},
    r"accounts/sessions/<uuid:pk>/end/": {302},
    # A changed way of signing in wants the password again first, whatever is to be changed.
    r"accounts/2fa/webauthn/keys/<int:pk>/(edit|remove)/": {302},
    # A body that is no good is refused before the row is looked for.
    r"api/v1/(services|service-categories|team/members|notification-templates)/<uuid:pk>": {400},
    r"api/v1/reviews/<uuid:pk>/(publish|hide|answer)": {400},
    r"api/v1/webhooks/<uuid:pk>/(roll|test|deliveries/<uuid:delivery_id>/replay)": {400},
    r"booking/confirm/<uuid:booking_id>": {400},
}

# The platform's host ---------------------------------------------------------------------------

PLATFORM_CLOSED = {
    "operators/": ({SIGN_IN}, {404}),
    "businesses/": ({SIGN_IN}, ANSWERED),
    "billing/": ({SIGN_IN}, ANSWERED),
    "onboarding/": ({SIGN_IN}, ANSWERED),
    "credits/": ({SIGN_IN}, ANSWERED),
    "credits/checkout": ({401}, ANSWERED),
    "profile": ({401}, ANSWERED),
    "dashboard": ({401}, ANSWERED),
    "api/v1/onboarding/": ({401}, ANSWERED),
    "accounts/sessions/": ({SIGN_IN}, ANSWERED),
    "accounts/data/": ({SIGN_IN}, ANSWERED),
    "auth/me": ({401}, ANSWERED),
}
PLATFORM_OPEN = {"operators/login/", "operators/logout/"}
PLATFORM_FOREIGN = {
    "": {"outside": {404}, "nobody": {404}, "admin": {404}, "owner": {404}, "operator": {404}},
    # Operators look at every salon's row in `public`; that is what they are for.
    "operators/": {"operator": ANSWERED},
    # Of the own salon's pages an admin may not open those of its owner, whatever is asked for there.
    "businesses/": {"admin": {403, 404}},
}
PLATFORM_FOREIGN_TOO = {
    r"accounts/sessions/<uuid:pk>/end/": {302},
    r"accounts/2fa/webauthn/keys/<int:pk>/(edit|remove)/": {302},
    # Who has not begun a salon is sent to its beginning.
    r"onboarding/services/.*": {302},
}
