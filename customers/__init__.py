"""The persons and the records held on them; the page about one customer on the desk."""
