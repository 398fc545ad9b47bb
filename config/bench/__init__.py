"""What `make bench` measures: each module one subject, judged against an aim by printing, not by failing."""
