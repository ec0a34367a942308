"""Keeps uploaded and made files, checked by kind and size, under random names."""
