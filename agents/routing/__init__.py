"""Who chooses the model? Routers that are fitted to a table and score models for questions they have not seen."""
