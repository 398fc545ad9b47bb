"""What higher apps may hear of money. Sent with `send()` inside the transaction that writes it down, once a movement.

`payment_captured(payment, cents, at)`: so much was taken from the card for a visit.
`payment_refunded(payment, cents, at)`: so much went back to it, by a press or in Stripe's dashboard.
"""

from django.dispatch import Signal

payment_captured = Signal()
payment_refunded = Signal()
