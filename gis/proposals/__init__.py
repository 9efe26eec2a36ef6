"""What somebody proposes to build or to plan: lots, buildings, parcels and facilities, as the layers declare them."""

from gis.proposals.errors import ProposalError
from gis.proposals.proposal import Proposal, Proposed
from gis.proposals.reading import named_again, read

__all__ = ["Proposal", "ProposalError", "Proposed", "named_again", "read"]
