"""Walls between salons: every address, asked by everybody, with the ids of another salon in which every word is marked.

`canaries` the marks and how they are found in an answer, `world` two salons with a row of everything, `identities` who
asks, `addresses` what stands in an address, `expectations` what is answered, `walk` the asking and the judging.

Beside the walk: what may be set from outside (`test_assigning`), background tasks, the cache's keys, advisory locks, and
what leaves a salon by mail and webhook (`test_outboxes`). Sockets have theirs in `dashboard/live/tests/`.
"""
