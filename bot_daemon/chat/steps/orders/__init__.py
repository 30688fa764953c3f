"""Steps about placed orders: lists, changes, answers, messages to the desk."""
