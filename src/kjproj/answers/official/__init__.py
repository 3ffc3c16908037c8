"""Official assessments of progress towards a target: arithmetic on published figures, one method a file."""
