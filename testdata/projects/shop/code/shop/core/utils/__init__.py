from .dates import *
from .money import *
from .text import shorten, slug_of
