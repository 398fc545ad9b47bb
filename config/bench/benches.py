"""The benches by name, in the order they run."""

from config.bench import create, hosts, pages, race, slots, tenants, weights

BENCHES = {
    "slots": slots.run,
    "tenants": tenants.run,
    "hosts": hosts.run,
    "pages": pages.run,
    "create": create.run,
    "race": race.run,
    "weights": weights.run,
}
