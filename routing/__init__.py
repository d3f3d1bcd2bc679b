"""The domain, pure: what a message is, what a ticket may do, who gets it and by when.

No input or output lives here: no files of the running bot, no database, no network, no clock."""
