"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`account_erased(user)`: the person is gone; whoever keeps words about them forgets those, and keeps figures.
`member_joined(user, business, address, at)`: the person accepted an invitation and can sign in there from now on.
"""

from django.dispatch import Signal

account_erased = Signal()
member_joined = Signal()
