"""The three doors into the tool (LTI launch, Google sign-in, family link) and what they share."""
