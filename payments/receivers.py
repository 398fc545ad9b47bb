"""What money does when a booking changes."""
