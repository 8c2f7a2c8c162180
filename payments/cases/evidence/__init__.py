"""Evidence files of manual cases: what shows that a person lived in a municipality (P-08)."""
