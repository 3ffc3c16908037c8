"""kjproj as a model inside other tools: each file is one tool's, loads that tool, and needs the extra of its name."""
