"""What the pages of manual cases show."""
