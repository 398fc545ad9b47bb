"""What the salon's own people read and press about a visit's money, whatever page they sit at."""
