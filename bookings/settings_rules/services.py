"""What a service must not say of itself at once."""

PROCESSING = "processing"


def class_conflicts(*, grouped, size, shared, scheduled, phases):
    """Field → sentence, for the switches of groups and classes; empty where they agree.

    `phases` are dictionaries with a `kind`, as the service stores them.
    """
    found = {}
    if size > 1 and not grouped:
        found["max_group_size"] = "Switch on group booking, or set the group size to 1."
    elif shared and size < 2:
        found["max_group_size"] = "A class needs two seats or more. Raise the group size, or switch “Class” off."
    if shared and not grouped:
        found["shared_session"] = "A class is a group. Switch on group booking too, or switch “Class” off."
    if scheduled and not shared:
        found["scheduled_only"] = "Only a class takes place at set dates. Switch on “Class” too, or switch this off."
    if shared and any(phase["kind"] == PROCESSING for phase in phases):
        found["phases"] = "A class has no processing time. Take it out of the phases, or switch “Class” off."
    return found
