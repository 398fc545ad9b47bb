from ..errors import invalid
from ..fields import merged_metadata
from ..intents import APPLICATION
from ..lists import listing, page
from ..routing import route
from ..store import PLATFORM
from .balance import enter


def collect(call, charge, amount):
    """The platform's share of a connected account's charge; returns the fee's id."""
    platform = call.within(PLATFORM)
    fee = platform.add(
        "application_fee",
        "fee",
        {
            "account": call.account,
            "amount": amount,
            "amount_refunded": 0,
            "application": APPLICATION,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "fee_source": {"charge": charge["id"], "type": "charge"},
            "originating_transaction": None,
            "refunded": False,
        },
    )
    fee["refunds"] = listing(f"/v1/application_fees/{fee['id']}/refunds", [])
    fee["balance_transaction"] = enter(platform, "application_fee", amount, fee)
    platform.emit("application_fee.created", fee)
    return fee["id"]


def give_back(call, fee, amount, metadata=None):
    """Return part of a fee to the connected account; `amount` must be what is left or less."""
    platform = call.within(PLATFORM)
    refund = platform.add(
        "fee_refund",
        "fr",
        {
            "amount": amount,
            "balance_transaction": None,
            "currency": fee["currency"],
            "fee": fee["id"],
            "metadata": metadata or {},
        },
    )
    refund["balance_transaction"] = enter(platform, "application_fee_refund", -amount, refund)
    del refund["livemode"]
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    fee["refunds"]["data"].insert(0, refund)
    platform.emit("application_fee.refunded", fee)
    return refund


@route("GET", "/v1/application_fees/{fee}", "ApplicationFeeRetrieveParams")
def retrieve(call, fee):
    return call.get("application_fee", fee)


@route("GET", "/v1/application_fees", "ApplicationFeeListParams", "charge created ending_before limit starting_after")
def index(call):
    return page(call, "/v1/application_fees", call.candidates("application_fee"), equal=("charge",))


@route("POST", "/v1/application_fees/{fee}/refunds", "ApplicationFeeRefundCreateParams", "amount metadata")
def refund_fee(call, fee):
    found = call.get("application_fee", fee)
    left = found["amount"] - found["amount_refunded"]
    amount = call.params.get("amount", left)
    if not left:
        raise invalid(
            f"The application fee {fee} has already been fully refunded.", code="application_fee_already_refunded"
        )
    if not 1 <= amount <= left:
        raise invalid(
            f"Refund amount ({amount}) is greater than the unrefunded amount on the fee ({left}).", param="amount"
        )
    made = give_back(call, found, amount, merged_metadata({}, call.params))
    account = found["account"]
    call.world.ledger.write(
        at=call.now,
        kind="fee_refund",
        account=account,
        charge=call.world.store.get(account, "charge", found["charge"]),
        amount=0,
        application_fee=amount,
        metadata=made["metadata"],
        source=made["id"],
    )
    return made


@route(
    "GET", "/v1/application_fees/{fee}/refunds", "ApplicationFeeRefundListParams", "ending_before limit starting_after"
)
def refunds_of_fee(call, fee):
    found = call.get("application_fee", fee)
    return page(call, f"/v1/application_fees/{fee}/refunds", found["refunds"]["data"])


@route("GET", "/v1/application_fees/{fee}/refunds/{refund}", "ApplicationFeeRefundRetrieveParams")
def retrieve_refund(call, fee, refund):
    call.get("application_fee", fee)
    return call.get("fee_refund", refund)
