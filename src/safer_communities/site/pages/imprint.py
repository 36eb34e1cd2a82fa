"""On every page: who publishes it and when, and a council's draft marked as one."""

from html import escape

import yaml

from safer_communities.chapter.front.imprint import Imprint


def config_with_imprint(config: str, imprint: Imprint) -> str:
    """The text of `_config.yml` with the imprint in the footer of every page.

    A site of a council that has not filled in all of `publisher.yml` says so at the top too.
    """
    settings = yaml.safe_load(config)
    html = settings.setdefault("html", {})
    said = [imprint.who, imprint.when, imprint.draft]
    lines = "<br>".join(map(escape, filter(None, said)))
    footer = f'<p class="footer-imprint">{lines}</p>\n'
    html["extra_footer"] = footer + html.get("extra_footer", "")
    if imprint.draft:
        html["announcement"] = f"<p>{escape(imprint.draft)}</p>"
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
