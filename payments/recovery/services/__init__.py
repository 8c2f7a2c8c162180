"""What is done with recoveries: opened, set off, repaid, waived, closed."""
