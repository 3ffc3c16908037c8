"""What a person reads: words, tables, the screen, and the summary that prints them."""
