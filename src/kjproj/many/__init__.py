"""Many regions at once: figures and targets in columns, answers in columns."""
