"""Two believable salons for a developer's machine, the same every time."""
