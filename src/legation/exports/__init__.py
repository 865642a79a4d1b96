"""From the record to files: formats that others work with, the briefing, drafts of notes; and the knowledge as pages."""
