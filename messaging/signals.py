"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`unsubscribed(channel, address, at)`: whoever reads this address wants no advertising of the current salon.
`subscribed_again(channel, address, at)`: they do want it, after all.
"""

from django.dispatch import Signal

unsubscribed = Signal()
subscribed_again = Signal()
