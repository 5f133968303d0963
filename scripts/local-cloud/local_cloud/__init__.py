"""The local cloud: every interface of the real one, from real parts, on one machine."""
