"""Tests of the OneBot channel, each part and the whole against a fake bridge."""
