"""What is wrong with the rows of a list, found in sets by the database (G-11)."""
