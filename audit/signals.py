"""What higher apps may hear. Sent with `send()` inside the transaction, so that both facts are one.

`recorded(entry, subject)`: a line has been written into the salon's trail, about this model instance.
"""

from django.dispatch import Signal

recorded = Signal()
