"""What pages of recoveries show."""
