"""What a change of settings would change, shown before it is saved (decision 0039).

The change is made in a transaction that is taken back, and the engine is asked before and after it. Saving asks once more
inside the transaction that saves, and saves only where the answer is the one that was shown.
"""

from bookings.services.previews.difference import Difference, Period, Shift
from bookings.services.previews.kinds import Closing, Lasting, Leaving, Opening, Working
from bookings.services.previews.verbs import Preview, PreviewStale, apply_change, preview_change

__all__ = [
    "Closing",
    "Difference",
    "Lasting",
    "Leaving",
    "Opening",
    "Period",
    "Preview",
    "PreviewStale",
    "Shift",
    "Working",
    "apply_change",
    "preview_change",
]
