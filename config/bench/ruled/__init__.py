"""A salon in which every rule of the diary is in play, and the least work that answers for it."""
