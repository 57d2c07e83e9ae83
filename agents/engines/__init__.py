"""What turns prompts into replies, many at a time."""
