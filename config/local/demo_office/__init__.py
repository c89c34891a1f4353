"""An invented pool with two county offices, its people, facilities and bills.

Everything is invented and the same for the same seed, except passwords and random ids. It is
made through the services of the product, by the invented staff, so that it is what staff would
have made: audited, released by a second person, in its order.
"""
