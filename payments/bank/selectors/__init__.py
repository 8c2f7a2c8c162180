"""What the pages of payments show, each in a fixed number of queries."""
