"""The room WHAT WAS ANSWERED: typed values, their JSON form, evidence attached. No Qt, no SQL."""
