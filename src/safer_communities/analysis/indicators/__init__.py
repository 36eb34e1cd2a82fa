"""Figures of other publishers that stand beside recorded crime, for one borough and edition."""
