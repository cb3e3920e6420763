"""``python -m nianbao``: the same command line."""

from nianbao.cli.main import main

if __name__ == "__main__":
    main()
