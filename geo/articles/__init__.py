"""Reading: text, HTML, feeds and tables to `Article`."""
