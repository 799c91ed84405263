"""`python -m mssclient` is the `mssclient` command."""

import sys

from mssclient.cli import main

sys.exit(main())
