"""Prize draws: entering one, drawing it fairly, and showing that it was."""
