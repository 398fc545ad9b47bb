PLATFORM = "acct_1LocalPlatform00"

# What requests look for among many objects. An index may know an object under a value it no longer has.
_INDEXED = {
    "application_fee": ("charge",),
    "balance_transaction": ("source",),
    "charge": ("payment_intent",),
    "dispute": ("charge", "payment_intent"),
    "invoice": ("_subscription",),
    "invoice_payment": ("invoice",),
    "payment_intent": ("customer",),
    "payment_method": ("customer",),
    "refund": ("charge", "payment_intent"),
    "setup_intent": ("customer",),
    "subscription": ("customer",),
}


class Store:
    """Every object by account, kind and id. An account never sees another's.

    Objects are plain dicts in the shape of the API; names starting with `_` are ours and never leave the process.
    """

    def __init__(self):
        self._accounts = {PLATFORM: {}}
        self._index = {}

    def add(self, account, item):
        self._accounts.setdefault(account, {}).setdefault(item["object"], {})[item["id"]] = item
        for field in _INDEXED.get(item["object"], ()):
            self.note(account, item, field)

    def note(self, account, item, field):
        """Let an indexed field's present value find the object."""
        value = item.get(field)
        if value is not None:
            self._index.setdefault((account, item["object"], field, value), {})[item["id"]] = item

    def remove(self, account, item):
        del self._accounts[account][item["object"]][item["id"]]
        for field in _INDEXED.get(item["object"], ()):
            self._index.get((account, item["object"], field, item.get(field)), {}).pop(item["id"], None)

    def get(self, account, kind, object_id):
        return self._accounts.get(account, {}).get(kind, {}).get(object_id)

    def newest_first(self, account, kind):
        return reversed(self._accounts.get(account, {}).get(kind, {}).values())

    def having(self, account, kind, field, value):
        """The objects with this value in an indexed field, newest first."""
        found = reversed(self._index.get((account, kind, field, value), {}).values())
        return (item for item in found if item.get(field) == value)

    def find(self, account, object_id):
        """Whatever object of the account has this id, or None."""
        for table in self._accounts.get(account, {}).values():
            if object_id in table:
                return table[object_id]
        return None

    def knows_account(self, account):
        """Whether an account exists and is still connected with the platform."""
        found = self.get(PLATFORM, "account", account)
        return account == PLATFORM or (found is not None and not found.get("_deauthorized"))

    def accounts(self):
        """The platform and every account there ever was."""
        return list(self._accounts)

    def locate(self, kind, object_id):
        """The account that owns an object, and the object; (None, None) when there is none."""
        for account, tables in self._accounts.items():
            if object_id in tables.get(kind, {}):
                return account, tables[kind][object_id]
        return None, None

    def dump(self):
        return self._accounts

    def load(self, accounts):
        self._accounts, self._index = {}, {}
        for account, tables in accounts.items():
            self._accounts[account] = {}
            for table in tables.values():
                for item in table.values():
                    self.add(account, item)


def indexed(kind):
    """The fields by which objects of a kind are found fast."""
    return _INDEXED.get(kind, ())
