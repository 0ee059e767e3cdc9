# Skärmarnas egna ord.
