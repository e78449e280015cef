"""The site: wiring and people, no avatars."""

VERSION = "0.1.0"
