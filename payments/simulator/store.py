PLATFORM = "acct_1LocalPlatform00"


class Store:
    """Every object by account, kind and id. An account never sees another's.

    Objects are plain dicts in the shape of the API; names starting with `_` are ours and never leave the process.
    """

    def __init__(self):
        self._accounts = {PLATFORM: {}}

    def add(self, account, item):
        self._accounts.setdefault(account, {}).setdefault(item["object"], {})[item["id"]] = item

    def remove(self, account, item):
        del self._accounts[account][item["object"]][item["id"]]

    def get(self, account, kind, object_id):
        return self._accounts.get(account, {}).get(kind, {}).get(object_id)

    def newest_first(self, account, kind):
        return reversed(self._accounts.get(account, {}).get(kind, {}).values())

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

    def locate(self, kind, object_id):
        """The account that owns an object, and the object; (None, None) when there is none."""
        for account, tables in self._accounts.items():
            if object_id in tables.get(kind, {}):
                return account, tables[kind][object_id]
        return None, None

    def dump(self):
        return self._accounts

    def load(self, accounts):
        self._accounts = accounts
