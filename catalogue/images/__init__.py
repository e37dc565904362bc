"""What the bytes of a picture say, and what can be made of them.

The only package that knows Pillow. Pictures come from servers that nobody vouches for: every
function here takes bounded memory, opens a short list of formats, and raises
:class:`~catalogue.errors.UnreadableImage` where it cannot do its work.
"""
