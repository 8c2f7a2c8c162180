"""Claims for rectification of decisions on applications for persons (P-04; 434/2003 §§ 49 a–49 g)."""
