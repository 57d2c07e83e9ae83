"""Who should think, at what price? Expert pools, tables of what real models got right, and environments on them."""
