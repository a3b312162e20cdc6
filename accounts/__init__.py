"""Staff: sign-in, roles, and the frame of the desk."""
