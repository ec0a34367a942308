"""Forms of this door."""
