class Ledger:
    """What money truly moved, in order, told apart from what any object says about it."""

    def __init__(self):
        self._rows = []

    def write(self, *, at, kind, account, charge, amount, application_fee=0, metadata, source=None):
        """`source` is the id of the refund or dispute that moved the money, where it was not the charge itself."""
        self._rows.append(
            {
                "at": at,
                "kind": kind,
                "account": account,
                "payment_intent": charge["payment_intent"],
                "charge": charge["id"],
                "source": source or charge["id"],
                "invoice": charge.get("_invoice"),
                "amount": amount,
                "currency": charge["currency"],
                "application_fee": application_fee,
                "metadata": dict(metadata),
            }
        )

    def name_invoice(self, intent_id, invoice_id):
        """Say which invoice a payment was for that was made before its invoice."""
        for row in self._rows:
            if row["payment_intent"] == intent_id:
                row["invoice"] = invoice_id

    def rows(self, account=None):
        return [row for row in self._rows if account in (None, row["account"])]

    def dump(self):
        return self._rows

    def load(self, rows):
        self._rows = rows
