"""The room WHAT IS ASKED: the questionnaire as frozen data, its loader, its linter."""
