"""Natural deduction for first-order logic with equality, as Fitch wrote it: a kernel, and theorems to prove."""
