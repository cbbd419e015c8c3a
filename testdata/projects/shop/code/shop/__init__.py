__version__ = "4.11.2"
