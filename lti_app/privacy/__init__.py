"""Privacy: what is stored about whom, where, how long and who else gets it, told from the tables."""
