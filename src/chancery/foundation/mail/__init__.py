"""Keeps mail on its way out until it has left, and mail that came in with the thread it belongs to."""
