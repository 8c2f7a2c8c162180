"""What changes payments: each step checks, changes and logs in one transaction."""
