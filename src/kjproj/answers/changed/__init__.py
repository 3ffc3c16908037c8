"""What is different between two projections: its pieces, items that move as a whole, and the projections in between."""
