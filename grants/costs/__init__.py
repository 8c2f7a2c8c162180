"""Claims of actual costs, up to the ceiling of a salary grant."""
