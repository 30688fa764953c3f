"""Access that begins and ends: what a change of access ends, for every kind of change and of credential.

It may know the database, the permissions and the messages that people get.
"""
