"""Walls between salons: every address, asked by everybody, with the ids of another salon in which every word is marked.

`canaries` the marks and how they are found in an answer, `world` two salons with a row of everything, `identities` who
asks, `addresses` what stands in an address, `expectations` what is answered, `walk` the asking and the judging.
"""
