"""Text to meaning, pure: a string in, a Reading out.

Nothing here knows of groups, tickets, databases or the clock."""
