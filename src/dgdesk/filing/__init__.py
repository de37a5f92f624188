"""Filing: what belongs to an export once it is made: sealed for the agency, receipted, bound to paper, outdated."""
