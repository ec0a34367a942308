"""Filters about accounts."""
