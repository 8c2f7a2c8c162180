"""Files to and from the bank: ISO 20022 in XML, written and read here and nowhere else."""
