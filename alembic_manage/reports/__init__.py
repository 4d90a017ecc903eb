"""What commands say: about plans and runs, a new revision, branches, the ledger, findings."""
