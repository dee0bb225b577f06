"""Features, titled, attributed and styled once for every output."""
