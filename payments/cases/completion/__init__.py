"""What is missing from an application for persons: asked, and answered in the service (434/2003 § 22)."""
