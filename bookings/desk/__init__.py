"""What the salon's own people read, type and press about a visit, whatever page they sit at: the admin or the dashboard."""
