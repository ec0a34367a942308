"""Keeps every promise with a clock until it is met."""
