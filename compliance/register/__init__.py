"""What is collected, why, for how long and who receives it; the privacy notice."""
