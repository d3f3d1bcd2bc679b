"""Tests of the WeCom channels, each part and the whole against the fake platform."""
