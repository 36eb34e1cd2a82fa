"""P-values adjusted for having asked many questions."""

from safer_communities.statistics import validation
from safer_communities.statistics.validation import Numbers, Shaped, aligned


def adjust_p_values(p_values: Numbers, *, method: str) -> Shaped:
    """The p-values adjusted for having asked many questions, in the order and shape given.

    With `method` "holm", findings at or below 0.05 are wrong, any of them, with a chance of at most
    5% for the whole family; with "bh" (Benjamini-Hochberg), at most 5% of the findings are expected
    to be wrong. Compare the result with the level: p <= 0.05 survives.

    Raises ValueError for p-values outside 0 to 1, none at all, or another method.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65; Benjamini and Hochberg (1995),
    JRSS B 57:289; computed by statsmodels `multipletests`.
    """
    # Importing statsmodels takes half a second, which most chapters need not wait for.
    from statsmodels.stats.multitest import multipletests

    names = {"holm": "holm", "bh": "fdr_bh"}
    if method not in names:
        raise ValueError(f"method: {method!r} is neither 'holm' nor 'bh'")
    (p_values,), restore = aligned(p_values=(validation.probabilities, p_values))
    adjusted = multipletests(p_values.ravel(), method=names[method])[1]
    return restore(adjusted.reshape(p_values.shape))
