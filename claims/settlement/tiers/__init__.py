"""The three tiers (三重制度) and supplementary assistance, each a function of columns."""
