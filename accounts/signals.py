"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`account_erased(user)`: the person is gone; whoever keeps words about them forgets those, and keeps figures.
"""

from django.dispatch import Signal

account_erased = Signal()
