"""What the retailer owes: one room for each duty."""
