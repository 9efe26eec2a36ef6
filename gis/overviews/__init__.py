"""Overviews: how a layer of many small features is drawn from far away, kept in the database and in step with it.

Each block of 64 by 64 pixels knows what area each code covers in each pixel; coarser blocks are sums of finer ones.
From these areas a mosaic is made in which every code has as many pixels as it has area, at the places where it is
densest, and the pixels of each code are drawn as one feature. What changes marks the blocks it meets in the same
transaction, so that whoever draws knows whether the overview is in step.
"""
