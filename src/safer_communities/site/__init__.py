"""From notebooks to web pages: run, stage, build, publish."""

import sys

# jsonschema, which reading a notebook loads, takes this grammar of web addresses where it is
# installed (JupyterLab brings it) and does without where it is not. It takes two seconds to load in
# every process, and no notebook needs it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # typeshed lacks None
