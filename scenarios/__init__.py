"""What to run: scenario files, their schema, training, evaluation, reports."""
