"""What owners embed: the snippet, and the frozen versions of the script."""
