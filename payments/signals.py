"""What higher apps may hear of money. Sent with `send()` inside the transaction that writes it down, once a movement.

`payment_captured(payment, cents, at)`: so much was taken from the card for a visit.
`payment_refunded(payment, cents, at)`: so much went back to it, by a press or in Stripe's dashboard.

`stripe_told(business, kind, data)`: an event about the salon's own account, after our handlers and outside of any
transaction, in the salon's schema. It may come twice, late and in any order: a reason to read, never what is believed.
"""

from django.dispatch import Signal

payment_captured = Signal()
payment_refunded = Signal()
stripe_told = Signal()
