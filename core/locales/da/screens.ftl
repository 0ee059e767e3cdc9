# Skærmbilledernes egne ord.
