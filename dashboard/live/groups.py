"""Names of the groups that sockets join: they carry the schema, so that a salon's news has no way to another's pages."""


def of(schema_name):
    return f"salon.{schema_name}"
