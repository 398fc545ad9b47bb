"""An owner's pages about one salon, on the platform's host: its address, its own domain, its data, its end."""
