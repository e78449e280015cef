"""Everything that talks to Anam, and the only place that imports httpx."""
