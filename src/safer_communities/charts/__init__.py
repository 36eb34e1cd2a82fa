"""Every chart of the book: a function takes a tidy frame and returns a `Chart`.

The functions draw; what they draw was computed before. One dark blue picks out the area the book
is about, London is always a dashed or diamond mark in dark pink, everything else is grey.
"""

import lazy_loader

# Loaded when first used, so that a change to one kind of chart concerns the chapters that draw it.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "bars": ["counts_by_category", "shares"],
        "chart": ["Chart"],
        "differences": ["changes", "shifts"],
        "panels": ["small_multiples"],
        "ranked": ["ranks", "rate_by_area"],
        "small": ["small_intervals", "small_parts"],
        "tiles": ["tile_map"],
        "trends": ["annual_trend", "monthly_trend"],
    },
)
