"""A salon's end: asked for, closed at once, kept for a while, erased; and everything it has written, to take along."""
