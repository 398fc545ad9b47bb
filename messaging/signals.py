"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`unsubscribed(channel, address, at)`: whoever reads this address wants no advertising of the current salon.
`subscribed_again(channel, address, at)`: they do want it, after all.
`noticed(event, about_id, at)`: somebody of the team has something new to read. To whom and what is not said.
`gave_up(message, at)`: a message does not leave any more by itself.
"""

from django.dispatch import Signal

unsubscribed = Signal()
subscribed_again = Signal()
noticed = Signal()
gave_up = Signal()
