"""Names of a salon's own that lead to its booking site: added by its owner, proven through the DNS, looked at daily."""
