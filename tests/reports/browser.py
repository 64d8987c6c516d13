"""Headless Chromium, driven by selenium: pages of the site, what they say, what they asked for.

Here: starting it, waiting, picking from a dropdown. Not here: what is expected of a page.
"""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


class Browser:
    """A window on one site, on this machine. `url` is the site's address."""

    def __init__(self, driver, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self, path: str) -> None:
        self.driver.get_log("browser"), self.driver.get_log("performance")  # what the page before left
        self.driver.get(f"{self.url}/{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is loading any more."""
        for _ in range(150):
            time.sleep(0.2)
            if self.driver.execute_script(
                "return document.readyState === 'complete' && !!document.querySelector('h1') "
                "&& !document.querySelector('[role=status], .animate-pulse')"
            ):
                return
        raise AssertionError(f"{self.driver.current_url} was still loading after 30 s: {self.text()}")

    def text(self) -> str:
        return self.driver.execute_script("return document.body.innerText")

    def pick(self, dropdown: str, option: str) -> None:
        """Choose an option, by the words that a person sees."""
        from selenium.webdriver.common.by import By

        button = self.driver.find_element(By.CSS_SELECTOR, f"button[aria-label='{dropdown}']")
        self.driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button
        )
        choices: list = []
        for turn in range(60):
            if turn % 15 == 0 and not choices:
                button.click()  # again, where the page was not yet listening
            time.sleep(0.1)
            choices = self.driver.find_elements(By.CSS_SELECTOR, "[role=option]")
            if wanted := [choice for choice in choices if choice.text.strip() == option]:
                break
        else:
            raise AssertionError(f"{dropdown} has no {option}, only {[choice.text for choice in choices]}")
        wanted[0].click()
        time.sleep(0.4)
        self.settle()

    def press(self, button: str) -> None:
        from selenium.webdriver.common.by import By

        self.driver.find_element(By.XPATH, f"//button[normalize-space()='{button}']").click()
        time.sleep(0.4)
        self.settle()

    def complaints(self) -> list[str]:
        """What the console holds, but for notes and its debugging."""
        entries = self.driver.get_log("browser")
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def requested(self) -> list[str]:
        """Addresses that were asked for since the page was opened, its workers' among them."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def picture(self, file: Path, height: int) -> None:
        width = self.driver.execute_script("return window.innerWidth")  # of a phone not the window's
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        told = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
        )
        file.write_bytes(base64.b64decode(told["data"]))


@contextmanager
def browsing(url: str, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Browser]:
    """A new window of this size, closed with the block. A window below 600 pixels is a phone's."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    # names that are not this machine's cannot be resolved: a page that needs another host fails to load it
    resolver = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        resolver,
    ):
        options.add_argument(argument)
    options.add_argument(f"--window-size={width},{height}")
    if width < 600:
        metrics = {"width": width, "height": height, "pixelRatio": 1.0, "mobile": True}
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.set_page_load_timeout(60)
        if dark:
            scheme = {"name": "prefers-color-scheme", "value": "dark"}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        yield Browser(driver, url)
    finally:
        driver.quit()
