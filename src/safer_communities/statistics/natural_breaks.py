"""Values sorted into classes that differ as little within, and as much between, as they can."""

import jenkspy
import numpy as np

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers


def natural_breaks(values: Numbers, *, classes: int = 5) -> list[tuple[float, float]]:
    """The lowest and the highest value of each class, lowest class first.

    `values` are one or more numbers. The classes are those with the least sum of squared distances
    from their own mean; between the end of one and the start of the next lies no value. There are
    fewer than `classes` where there are fewer different values, and equal values share a class.

    Raises ValueError for values that are not finite, none at all, and fewer than one class.

    Source: Fisher (1958), JASA 53:789; Jenks (1977), Optimal Data Classification for Choropleth
    Maps; computed by jenkspy.
    """
    found = np.sort(validation.numbers("values", values).ravel())
    classes = min(validation.whole("classes", classes, at_least=1), len(np.unique(found)))
    if classes == 1:
        return [(float(found[0]), float(found[-1]))]
    ends = np.asarray(jenkspy.jenks_breaks(found, n_classes=classes)[1:])
    of_each = np.searchsorted(ends, found)
    groups = [found[of_each == number] for number in range(classes)]
    return [(float(group[0]), float(group[-1])) for group in groups]
