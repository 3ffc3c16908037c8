"""The engine: from a study's rows to the posterior distribution of its indicators' paths."""
