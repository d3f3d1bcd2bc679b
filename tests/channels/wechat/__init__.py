"""Tests of 公众号 and 微信客服 against a fake platform."""
