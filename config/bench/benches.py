"""The benches by name, in the order they run."""

from config.bench import (
    admin,
    chain,
    control,
    create,
    fairness,
    figures,
    hosts,
    live,
    pages,
    race,
    rules,
    slots,
    tenants,
    verify,
    walls,
    weights,
)

BENCHES = {
    "slots": slots.run,
    "rules": rules.run,
    "chain": chain.run,
    "tenants": tenants.run,
    "hosts": hosts.run,
    "pages": pages.run,
    "figures": figures.run,
    "admin": admin.run,
    "create": create.run,
    "race": race.run,
    "control": control.run,
    "fairness": fairness.run,
    "live": live.run,
    "verify": verify.run,
    "walls": walls.run,
    "weights": weights.run,
}
