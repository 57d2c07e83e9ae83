"""Which strategy of search is best, and by how much, for what it spends? A grid of searches, resumable, and its report."""
