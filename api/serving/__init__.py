"""One process that serves: the web server, and beside it the threads of the embedded mode."""
