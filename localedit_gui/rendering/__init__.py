"""From a state to a picture on the screen: requests, their mailbox, the worker, what is shown."""
