"""What touches two of {upstream, database, files}. Services know no tasks and no requests."""
