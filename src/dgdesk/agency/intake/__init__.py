"""The intake: what an inbox holds is looked at, judged once by workers, recorded in the ledger, and moved. No Qt."""
