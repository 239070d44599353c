"""What both sides say to each other: models and code lists, nothing else.

Names follow the exchange tables of the national platform (国家政务服务平台) where they have one;
each class says the Chinese term an official would look for.
"""
