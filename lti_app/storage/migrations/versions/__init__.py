"""One module per step of the schema; each says its columns itself and never imports today's tables."""
