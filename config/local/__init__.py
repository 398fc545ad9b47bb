"""Everything `make` needs on a bare machine: private PostgreSQL and Valkey, and the processes of `make run`.

Needs neither Django nor settings: it runs before they can.
"""
