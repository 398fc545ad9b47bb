"""What a new object of each of the larger kinds looks like."""
