"""Pages of an application's list: the file and what was found in it, and the grid of its rows."""
