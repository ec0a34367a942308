"""Keeps the trail of what happened, who did it and why, and the seal that shows nobody changed it."""
