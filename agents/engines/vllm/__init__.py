"""Replies sampled by vLLM, in processes of its own that are handed new weights while they run."""
