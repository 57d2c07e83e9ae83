"""What did reinforcement learning do to a policy? Diagnostics of a finished run, against the policy it began with."""
