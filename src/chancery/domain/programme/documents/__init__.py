"""What the papers and pages of an edition print of its own texts."""
