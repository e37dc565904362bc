"""Getting bytes: the protocol, the web, and a stand-in for tests.

``interface`` says what a harvest asks for, ``policy`` holds the rules and touches no network,
``web`` is the only module that does, ``saved`` answers from a table.
"""
