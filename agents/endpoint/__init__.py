"""What does it take to play through an OpenAI-compatible endpoint? Requests, replies, patience, and accounts."""
