"""Processes that come and go."""

import multiprocessing

from avatars.services.presence import our_token


def token_of_the_dead() -> str:
    """The token of a process that has just died, without a word."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=lambda: (there.send(our_token()), __import__("os")._exit(9)))
    process.start()
    token = str(here.recv())
    process.join()
    return token
