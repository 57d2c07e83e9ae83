"""Which router is worth its money? Metrics, intervals and reports of routing."""
