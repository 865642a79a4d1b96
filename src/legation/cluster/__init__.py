"""The reading of many articles: over the processes of this machine (`local`), or over many machines (`ray`)."""
