"""One person's months: what each run found, what is booked, and why."""
