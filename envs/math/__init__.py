"""Mathematics: procedural problems and data sets, scored exactly."""
