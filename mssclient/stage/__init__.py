"""Where the program is shown: demonstration, guided tour, pictures and measurements on the sandbox operator.

May import every room; nothing imports it but `cli`. See decisions/0013.
"""
