"""Policies that many salons have, ready to start from: the fees, and words that fit them."""

from dataclasses import dataclass

NO_FEE = {"cancellation_fee_type": "none", "no_show_fee_type": "none"}
REFUND = "If you are not happy with your visit, tell us within seven days and we will put it right."


@dataclass(frozen=True, slots=True)
class Preset:
    """`columns` are the policies it sets; everything else stays."""

    name: str
    label: str
    columns: dict


def _share(name, label, *, hours, late, missed, cancelling, missing):
    """A preset whose fees are shares of the price."""
    return Preset(
        name,
        label,
        {
            "cancellation_window_hours": hours,
            "cancellation_fee_type": "percent",
            "cancellation_fee_percent": late,
            "cancellation_text": cancelling,
            "no_show_fee_type": "percent",
            "no_show_fee_percent": missed,
            "no_show_text": missing,
            "refund_text": REFUND,
        },
    )


PRESETS = (
    _share(
        "half",
        "24 hours, half the price",
        hours=24,
        late=50,
        missed=100,
        cancelling="You can cancel free of charge until 24 hours before your visit. After that we charge half of the "
        "price, because we can rarely fill the time again.",
        missing="If you do not come and do not tell us, the full price is due.",
    ),
    _share(
        "full",
        "48 hours, the full price",
        hours=48,
        late=100,
        missed=100,
        cancelling="You can cancel free of charge until 48 hours before your visit. After that the full price is due: "
        "the time was kept for you alone.",
        missing="If you do not come, the full price is due.",
    ),
    _share(
        "gentle",
        "12 hours, a quarter of the price",
        hours=12,
        late=25,
        missed=50,
        cancelling="You can cancel free of charge until 12 hours before your visit. After that we charge a quarter of "
        "the price.",
        missing="If you do not come and do not tell us, half of the price is due.",
    ),
    Preset(
        "none",
        "No fees",
        NO_FEE
        | {
            "cancellation_text": "Please tell us as soon as you can if you cannot come. Cancelling is free.",
            "no_show_text": "",
            "refund_text": REFUND,
        },
    ),
)


def preset(name):
    """The preset of that name, or None."""
    return next((each for each in PRESETS if each.name == name), None)
