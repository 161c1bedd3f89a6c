"""`python -m api.cli`: the same as `flatbed`, where scripts are not on the path."""

from api.cli.main import main

main()
