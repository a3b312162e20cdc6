"""What colleagues do with a case: its steps, the pages of the desk, reminders, bank holidays."""
