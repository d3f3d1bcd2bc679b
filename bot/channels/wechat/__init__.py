"""公众号／服务号 and 微信客服: one-to-one with residents, over the parts that WeCom shares.

Neither ever speaks in a group; what a message means is decided behind `accept`."""
