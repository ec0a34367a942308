"""Turns frozen facts into PDF documents that everybody can read."""
