"""How is each published table of models' answers read? One file a source, named by its path."""
