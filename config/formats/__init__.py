"""How days are read in Swedish and English pages; Finnish ones read them so by themselves."""
