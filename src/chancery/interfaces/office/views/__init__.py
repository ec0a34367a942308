"""Views of this door, a module a room."""
