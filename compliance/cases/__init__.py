"""The case itself: kinds of request, states and transitions, its clock, how it is opened."""
