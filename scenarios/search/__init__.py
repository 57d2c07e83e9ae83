"""Which strategy of search is best, by how much, for what it spends? A grid of searches, resumable, with its report."""
