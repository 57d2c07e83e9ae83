"""The pieces that methods are made of: pure functions over flat arrays of action tokens."""
