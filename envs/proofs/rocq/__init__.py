"""The Coq prover (now called Rocq), spoken to through its XML protocol, in the sandbox of model-written programs."""
