"""Holds the look: components, theme, fonts and the gallery that shows them."""
