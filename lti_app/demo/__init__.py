"""The demonstration: a fictional caseload of 24, seeded beside the practice LMS. Everybody here is
invented."""
