"""What is written about a student, by whom, and that it is closed."""
