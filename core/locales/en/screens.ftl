# The screens' own words.
