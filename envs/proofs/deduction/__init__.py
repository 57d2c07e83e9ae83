"""Natural deduction for first-order logic with equality, in proofs of Fitch's style: a kernel, and theorems to prove."""
