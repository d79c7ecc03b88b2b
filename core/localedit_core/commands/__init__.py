"""What each verb of the command line does. One module per verb, each with ``run(arguments)``."""
