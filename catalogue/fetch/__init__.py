"""Getting bytes: the protocol, the web, and a stand-in for tests.

``interface`` says what a harvest asks for, ``policy`` holds the rules and touches no network,
``web`` asks the web, ``objects`` reads object storage, ``saved`` answers from a table.
"""
