# Skjermbildenes egne ord.
