"""The short forms of the public: one for each right, and those with which a request is followed.
They only clean."""
