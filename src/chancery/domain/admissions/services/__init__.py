"""What is written in this room; called by journeys and doors only."""
