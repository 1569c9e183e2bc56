"""What all HTTP doors share: the request, its reader, its language, and the errors it may meet."""
