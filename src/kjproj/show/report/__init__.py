"""A page that people read: one file of HTML, Markdown or a spreadsheet from one source of words."""
