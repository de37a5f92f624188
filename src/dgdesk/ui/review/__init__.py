"""What is left to do: problems, the finder, the next question, the history."""
