"""A server that nobody should run: its writers do not wait for one another. It proves that the race is a race."""
