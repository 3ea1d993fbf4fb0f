"""Doctor: looks at an installation and says in one line each what is wrong and what to do."""
