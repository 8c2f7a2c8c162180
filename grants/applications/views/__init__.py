"""Pages of applications: the list, the steps of filling one in, its life after it was sent."""
