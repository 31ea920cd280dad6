"""What a policy is: its values, how they are read from `content/`, their history in git, and their timeline."""
