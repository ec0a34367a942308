"""The mails of this room, one module each."""
