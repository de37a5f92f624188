"""The questionnaire in the window: pages, questions, editors, and the bridge to the session."""
