"""Finders: each looks in a study, by arithmetic, for one kind of thing that does not fit together."""
