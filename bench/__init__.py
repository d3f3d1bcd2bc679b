"""Measurements that anyone can run, each beside the floors of the machine it runs on.

Nothing here is imported by the product."""
