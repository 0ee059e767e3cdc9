"""The interpreter of the stories in `bindings/contract`; its README.md tells what every verb means."""
