"""What the rules say about a firm as such: its size class."""
