"""Who calls the desk: their network, host and site, and what is done for them after the answer"""
