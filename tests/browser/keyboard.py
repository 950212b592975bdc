"""How does somebody work here who has no mouse? By Tab, Space, arrows and Enter, and nothing else."""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STOPS = 250
HERE = "selector => document.activeElement.matches(selector)"
VISIBLE = """() => {
    const it = document.activeElement, style = getComputedStyle(it);
    return style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 1
        || style.boxShadow != 'none';
}"""


class Keys:
    """The keyboard at one page. `steps`: fields filled and buttons pressed; `stops`: presses of Tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0
        self.stops = 0

    def reach(self, css: str) -> None:
        """Goes on by Tab until the focus is on `css`; each stop on the way can be seen."""
        for _ in range(MOST_STOPS):
            if self.page.evaluate(HERE, css):
                return
            self.page.keyboard.press("Tab")
            self.stops += 1
            assert self.page.evaluate(VISIBLE), self.page.evaluate("() => document.activeElement.outerHTML")
        raise AssertionError(f"the keyboard does not come to {css} of {self.page.url}")

    def write(self, name: str, text: str) -> None:
        """Writes into the field."""
        self.reach(f'[name="{name}"]')
        self.page.keyboard.type(text)
        self.steps += 1

    def moment(self, name: str, date: str, time: str) -> None:
        """A day and hour, digit after digit, as an English screen asks for them: 11222026, 1000AM."""
        self.reach(f'[name="{name}"]')
        self.page.keyboard.type(date)
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.type(time)
        self.steps += 1

    def choose(self, name: str, value: str) -> None:
        """Walks down a list until it shows `value`."""
        field = f'select[name="{name}"]'
        self.reach(field)
        for _ in range(MOST_STOPS):
            if self.page.locator(field).input_value() == value:
                self.steps += 1
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not in {field}")

    def tick(self, name: str, value: str) -> None:
        """Ticks a box, or chooses one of several by the arrows."""
        field = f'[name="{name}"][value="{value}"]'
        self.reach(f'[name="{name}"]')
        for _ in range(MOST_STOPS):
            if self.page.evaluate(HERE, field):
                break
            radio = self.page.evaluate("() => document.activeElement.type") == "radio"
            self.page.keyboard.press("ArrowDown" if radio else "Tab")
        if not self.page.locator(field).is_checked():
            self.page.keyboard.press("Space")
        assert self.page.locator(field).is_checked()
        self.steps += 1

    def press(self, css: str) -> None:
        """Goes to the button or link and presses Enter; waits for the page that answers."""
        self.reach(css)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.steps += 1
