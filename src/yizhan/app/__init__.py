"""The top floor: settings, wiring, process roles and the command line. The only place that knows every part."""
