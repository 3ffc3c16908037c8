"""Arrays in, arrays out: lattices, normal probabilities, mixtures, integration nodes. Knows no study."""
