"""The works: each module measures one and returns its rows."""
