"""The desk's pages about bank holidays; a new day works open cases out anew."""
