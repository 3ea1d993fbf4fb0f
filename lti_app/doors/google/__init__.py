"""The Google door: sign-in by a window of Google's, and the five frames of a Classroom add-on."""
