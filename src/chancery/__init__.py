"""Chancery runs an executive diploma for city officials, from the first page view to a verifiable credential."""
