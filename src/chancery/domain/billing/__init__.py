"""Knows what a place costs and why, invoices, what the bank says, and which money belongs to which invoice."""
