"""A sitemap of the pages of one policy that search engines should know, beside its feeds.

Takes a history and the site's URL; gives XML as sitemaps.org has it. The site's own sitemap lists the same pages; this
one is there because Material's script asks for a sitemap beside every `<link rel="alternate">` of a page, and each page
of a policy links to its feeds so.
"""

from __future__ import annotations

from lxml import etree

from gazette.site import addresses
from gazette.site.model import History

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(history: History, site_url: str) -> bytes:
    """The text in force, all versions and the changelog; none of them where the site has no URL, as in the site's."""
    names: dict[str | None, str] = {None: _NAMESPACE}
    root = etree.Element(f"{{{_NAMESPACE}}}urlset", nsmap=names)  # type: ignore[arg-type]  # as in feeds
    listed = (addresses.in_force, addresses.versions, addresses.changes) if site_url else ()
    for address in listed:
        url = etree.SubElement(root, f"{{{_NAMESPACE}}}url")
        etree.SubElement(url, f"{{{_NAMESPACE}}}loc").text = addresses.absolute(address(history.id), site_url)
        if history.updated:
            etree.SubElement(url, f"{{{_NAMESPACE}}}lastmod").text = history.updated.isoformat()
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
