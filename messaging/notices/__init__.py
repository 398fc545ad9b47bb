"""What the team is told of what others did: in the dashboard, by e-mail at once, or in the morning's e-mail."""
