"""Every screen and state, photographed in every language, on every device, in every theme."""
