"""Steps about orders that are placed: lists, changes, answers, messages to the desk."""
