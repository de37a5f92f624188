"""What was answered: typed values, their JSON form, evidence attached. No Qt, no SQL."""
