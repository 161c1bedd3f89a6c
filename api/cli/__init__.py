"""The command line. `registry` lists the commands, `main` runs them, one file each holds them."""
