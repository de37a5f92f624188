"""What is asked: the questionnaire as frozen data, its loader and its linter."""
