"""Actions: what anybody may do, whichever door they come through. No Flask."""
