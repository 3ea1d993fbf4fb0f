"""The LTI 1.3 door: everything above it sees one frozen ``LaunchContext``."""
