"""Knows for each model what is exported, erased and kept, and how long."""
