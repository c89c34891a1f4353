"""Looking at packs: what is odd in them, what differs between them, as tables."""
