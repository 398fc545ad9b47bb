from ..lists import page
from ..routing import route

_SETTLES_AFTER = 2 * 24 * 3600
_CATEGORIES = {
    "application_fee": "platform_earning",
    "application_fee_refund": "platform_earning_refund",
    "adjustment": "dispute",
}


def enter(call, type_, amount, source, fees=(), *, at_once=False):
    """Write a balance transaction of the call's account and return its id; `fees` are (type, description, amount).

    The money can be paid out two days later, or `at_once`.
    """
    fee = sum(each for _, _, each in fees)
    transaction = call.add(
        "balance_transaction",
        "txn",
        {
            "amount": amount,
            "available_on": call.now + (0 if at_once else _SETTLES_AFTER),
            "balance_type": "payments",
            "currency": source["currency"],
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [
                {
                    "amount": each,
                    "application": None,
                    "currency": source["currency"],
                    "description": description,
                    "type": kind,
                }
                for kind, description, each in fees
            ],
            "net": amount - fee,
            "reporting_category": _CATEGORIES.get(type_, type_),
            "source": source["id"],
            "status": "pending",
            "type": type_,
        },
    )
    return transaction["id"]


@route("GET", "/v1/balance_transactions/{transaction}", "BalanceTransactionRetrieveParams")
def retrieve(call, transaction):
    found = call.get("balance_transaction", transaction)
    _settle(call, found)
    return found


@route(
    "GET",
    "/v1/balance_transactions",
    "BalanceTransactionListParams",
    "created currency ending_before limit source starting_after type",
)
def index(call):
    found = call.candidates("balance_transaction")
    answer = page(call, "/v1/balance_transactions", found, equal=("currency", "source", "type"))
    for transaction in answer["data"]:
        _settle(call, transaction)
    return answer


@route("GET", "/v1/balance", "BalanceRetrieveParams")
def balance(call):
    totals = {"available": {}, "pending": {}}
    for transaction in call.every("balance_transaction"):
        _settle(call, transaction)
        column = totals[transaction["status"]]
        column[transaction["currency"]] = column.get(transaction["currency"], 0) + transaction["net"]
    return {"object": "balance", "livemode": False} | {name: _amounts(column) for name, column in totals.items()}


def _settle(call, transaction):
    transaction["status"] = "available" if transaction["available_on"] <= call.now else "pending"


def _amounts(column):
    return [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in sorted((column or {"usd": 0}).items())
    ]
