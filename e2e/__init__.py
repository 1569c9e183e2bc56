"""The whole thing in real browsers: three engines, four devices, three languages."""
