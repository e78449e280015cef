"""Anam's official clients, as they are published, against a server that answers like Anam."""
