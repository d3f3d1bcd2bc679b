"""企业微信: 智能机器人, 自建应用 and 消息推送, each a Channel of its own over shared parts.

What a message means is decided behind `accept`; nothing here is remembered but short caches."""
