"""Who acts: episodes, rollouts, engines, policies, scripted agents."""
