"""Answers: one question a file. Each is a function of a projection, or of a study alone where no model is needed."""
