"""Pages about people: who is here, signing in, invitations, roles, one's own account."""
