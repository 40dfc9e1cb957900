"""What acts: intake, triage, routing, outbound, live screens, views, search and the visitor's trail."""
