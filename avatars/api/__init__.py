"""The gateway: Anam's own API under /v1, with the rules of the team."""
