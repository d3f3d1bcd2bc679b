"""OneBot v11 and v12 as one Channel: HTTP POST, reverse WebSocket, and what either dialect says.

Which bridge stands behind it, and whether its platform allows one, is for docs/channels.md."""
