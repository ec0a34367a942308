"""Knows countries, their income classes by fiscal year, cities, local authorities, and who is a member and has paid."""
