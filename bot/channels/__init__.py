"""The ways in and out of the bot, one package or module a platform.

Nothing here decides about tickets, and no channel knows another."""
