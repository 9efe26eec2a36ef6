"""The base of every refusal.

A refusal is a class that writes its own sentence: what was given, and what would have been right. Each room keeps its
own beside the code that raises them; the shell prints the sentence, the service answers it as problem+json.
"""


class QuyhoachError(Exception):
    """Say in one sentence, fit for a planner's eyes, what was refused and what would have been right."""
