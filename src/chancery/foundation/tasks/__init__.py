"""Keeps acts safe to repeat: form tokens, the shared cache and the demo's clock."""
