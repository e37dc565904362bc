"""Where the units of work of a harvest run: threads of this process, or a cluster.

``interface.py`` says what a harvest asks of an engine, ``threads.py`` is the one that is always
there, and ``cluster.py`` is the only module that knows Dask.
"""
