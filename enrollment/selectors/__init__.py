"""Questions about people: who is it, what held on a day."""
