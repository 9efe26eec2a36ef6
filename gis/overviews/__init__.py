"""Overviews: how a layer of many small features is drawn from far away, kept in the database and in step with it.

Each block of 64 by 64 pixels knows what area each use covers in each pixel; coarser blocks are sums of finer ones.
From these areas a mosaic is made in which every use has as many pixels as it has area, at the places where it is
densest, and the mosaic's patches are simplified together, so that shared borders stay shared.
"""
