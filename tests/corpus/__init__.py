"""Letters of our own making, as the mail programs of the world would write them."""
