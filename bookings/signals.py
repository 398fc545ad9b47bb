"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`booking_canceled(booking, at)`: the visit will not take place; money may be owed or released.
`booking_changed(booking, what, at)`: it is `created` (a customer or staff have sent it off: no hold any more), `confirmed`,
`rescheduled`, `canceled`, `checked_in`, `completed`, `no_show`; a corrected visit is told of once more.
`customer_added(customer, at)`: a person who was not known. Not sent for those a file brings.
`customers_merged(customer, merged, at)`: `merged` turned out to be `customer`, who stays; `merged` is deleted right after.
What points at it has to point at `customer` when the receivers have run.
`customer_erased(person, at)`: a customer is forgotten (`services.customers.erasing.Person` says who that was, and which
visits are theirs). Receivers empty what they know of the person and keep amounts and dates; one that still needs them
raises `services.customers.StillNeeded`, and nobody is forgotten.
`booking_lapsed(booking)`: a hold or an unconfirmed booking ran out; a card set-up made for it is void.
`arranged(row, at)`: something of the salon's arrangements (`sender`: services, people, their hours, blocks and days,
closures) was added, changed or deleted. Customers are told of the same way: receivers look at the sender.
`busy_let_go(spans, at)`: times ahead that a person's other calendar kept them from are free of it; (start, end) in order.
`session_changed(session, at)`: a class was put up or closed; a closed one is deleted right after.
`times_shown(request, draft, picker, form)`: a visitor looks for a time; who knows what else can be done answers with a
`views.shown.Panel`, or None. Sent outside a transaction; nothing may change.
`follow_up_filled(booking, business, now)`: the words of a follow-up are being written; who knows a placeholder of it
answers with {name: value}. Nothing may change.
`salon_shown(business)`: the salon's front page is; who has more to say of it answers with a `views.shown.Panel`, whose
`linked` are words for `linked_data`, or None. One query at most; nothing may change.
`visit_shown(booking, business, token, now)`: its customer looks at a visit; who knows more about it answers with a
`views.shown.Panel`, or None. Sent outside a transaction; nothing may change.
"""

from django.dispatch import Signal

booking_canceled = Signal()
booking_changed = Signal()
customer_added = Signal()
customers_merged = Signal()
customer_erased = Signal()
booking_lapsed = Signal()
arranged = Signal()
busy_let_go = Signal()
session_changed = Signal()
times_shown = Signal()
follow_up_filled = Signal()
salon_shown = Signal()
visit_shown = Signal()
