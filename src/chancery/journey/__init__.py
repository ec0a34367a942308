"""The stair between the rooms: one module a step, each function moves several rooms in one transaction."""
