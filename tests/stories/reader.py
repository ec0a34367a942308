"""Somebody in front of a browser: what they do, in the words on the screen, and what they see."""

import os
import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page

PICTURES = os.environ.get("CHANCERY_PICTURES", "")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
# A refused form or act answers 409 or 422, a closed door 404: the browser notes it, nothing is wrong.
MEANT = re.compile(r"Failed to load resource: the server responded with a status of (404|409|422) ")
# Two rows of one shape, in rows or items of one list, have the same colours: of each shape one is enough to judge.
HIDE_ALIKE = """() => {
  const look = e => [e.tagName, e.getAttribute("class"), e.ariaCurrent, e.disabled, e.checked].join();
  const shape = e => `${look(e)}(${[...e.children].map(shape).join()})${e.textContent.trim() ? "text" : ""}`;
  const way = e => (e ? look(e) + way(e.parentElement) : "");
  const seen = new Set();
  for (const row of document.querySelectorAll("tbody > tr, li")) {
    const isOdd = [...row.parentElement.children].indexOf(row) % 2;
    const kind = [way(row.parentElement), isOdd, shape(row)].join();
    if (seen.has(kind)) row.style.setProperty("display", "none", "important");
    seen.add(kind);
  }
}"""
SHOW_ALIKE = """() => document.querySelectorAll("tbody > tr, li").forEach(row => row.style.removeProperty("display"))"""
COLOURS = "color-contrast"  # the one rule whose answer hangs on the scheme, and most of what axe takes
IDENTIFYING = re.compile(r"(?<=/)([0-9]+|[A-Z0-9]+-[0-9-]+)(?=/|$)")


class Reader:
    """One browser context with one page; ``said`` keeps what the console said."""

    def __init__(self, context: BrowserContext, site: str, looked: set[str]) -> None:
        self.context, self.site, self.looked = context, site, looked
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def visits(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else self.site + address)

    def clicks(self, name: str) -> None:
        """Press the first button or link of this name."""
        self._named("button", name).or_(self._named("link", name)).first.click()
        self.page.wait_for_load_state()

    def opens(self, summary: str) -> None:
        """Unfold what is folded under these words."""
        self.page.locator("summary", has_text=summary).first.click()

    def types(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(text)

    def chooses(self, label: str, *, of: str = "") -> None:
        """Choose or tick the answer of this label; ``of`` is the question where labels repeat."""
        where: Page | Locator = self.page.get_by_role("group", name=of) if of else self.page
        where.get_by_label(label, exact=True).first.check()

    def selects(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def attaches(self, label: str, name: str, content: bytes, kind: str) -> None:
        file = {"name": name, "mimeType": kind, "buffer": content}
        self.page.get_by_label(label, exact=False).first.set_input_files(file)  # type: ignore[arg-type]

    def sees(self, *words: str) -> None:
        text = self.text
        missing = [each for each in words if _plain(each) not in text]
        assert not missing, f"{self.page.url} does not say {missing}:\n{text[:4000]}"

    def does_not_see(self, *words: str) -> None:
        found = [each for each in words if _plain(each) in self.text]
        assert not found, f"{self.page.url} says {found}"

    def stands_before(self, heading: str) -> None:
        """Check the question or statement that the page opens with."""
        assert _plain(self.page.locator("h1").inner_text()) == _plain(heading), f"{self.page.url}:\n{self.text[:2000]}"

    @property
    def text(self) -> str:
        return _plain(self.page.locator("body").inner_text())

    def looks(self) -> None:
        """Look at the page closely, once for each kind of page: accessible, one heading, fits a phone."""
        kind = IDENTIFYING.sub("*", self.page.url.removeprefix(self.site).split("?")[0])
        if kind not in self.looked:
            self.looked.add(kind)
            self.keeps_pictures(kind)
            faults = self.faults()
            assert not faults, f"{self.page.url}: {faults}"

    def keeps_pictures(self, kind: str) -> None:
        """Keep pictures of the page, light, dark and on a phone, where ``CHANCERY_PICTURES`` names a folder."""
        if not PICTURES:
            return
        name = re.sub(r"[^\w*]+", "-", kind).strip("-") or "front"
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.screenshot(path=f"{PICTURES}/{name}-{scheme}.png", full_page=True)
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.page.screenshot(path=f"{PICTURES}/{name}-phone.png", full_page=True)
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]

    def faults(self) -> dict[str, Any]:
        """Return what is wrong with the page at hand, by what it is; empty where nothing is."""
        self.page.evaluate(Axe().axe_script)
        found: dict[str, Any] = {"axe": self._axe({"rules": {COLOURS: {"enabled": False}}})}
        self.page.evaluate(HIDE_ALIKE)
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[f"axe, {scheme}"] = self._axe({"runOnly": {"type": "rule", "values": [COLOURS]}})
        self.page.evaluate(SHOW_ALIKE)
        headings = self.page.locator("h1").count()
        found["h1"] = headings if headings != 1 else None
        filled = self.page.locator(".btn-primary:visible").all_inner_texts()
        found["filled buttons"] = filled if len(filled) > 1 else None
        found["wider than a phone"] = self._overflow()
        found["console"] = self.said[:]
        self.said.clear()
        return {name: fault for name, fault in found.items() if fault}

    def _axe(self, options: dict[str, Any]) -> list[str]:
        options = {**options, "resultTypes": ["violations"]}
        violations = self.page.evaluate("async options => (await axe.run(options)).violations", options)
        return [f"{each['id']}: {[node['target'] for node in each['nodes']][:3]}" for each in violations]

    def _overflow(self) -> int:
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        return int(wide)

    def _named(self, role: Any, name: str) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True)

    def _note(self, message: Any) -> None:
        if not MEANT.match(message.text):
            self.said.append(f"{self.page.url}: {message.text}")


def _plain(text: str) -> str:
    return " ".join(text.split())
