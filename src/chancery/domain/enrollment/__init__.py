"""Knows the seats, who holds a place, when the place is guaranteed, and who waits for one."""
