"""What is held about a person, and what they may do with it."""
