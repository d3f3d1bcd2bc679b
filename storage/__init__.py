"""What survives a crash: all SQL and all queues.

No decision about tickets lives here; rows go in and domain objects come out."""
