"""A real browser with the screen of a phone, for the platform's pages."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.fleet.running_platform import LIMIT, RunningPlatform

DRIVER = shutil.which("chromedriver")
#: Where pictures of the pages go, for people to look at; a folder of the test's own where it is not said.
PICTURES = os.environ.get("PHONE_PICTURES")


class Browser:
    """Chromium with the screen of a phone."""

    def __init__(self, driver: webdriver.Chrome, pictures: Path) -> None:
        self.driver, self._pictures = driver, pictures

    @property
    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "main").text

    def types(self, name: str, text: str) -> None:
        field = self.driver.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)

    def presses(self, words: str, place: int = 0) -> None:
        """Press the button that says so (of several the one at `place`), and wait for the next page."""
        before = self.driver.find_element(By.TAG_NAME, "html")
        self.driver.find_elements(By.XPATH, f"//button[contains(., '{words}')]")[place].click()

        def another_page(driver: webdriver.Chrome) -> bool:
            whole = driver.execute_script("return document.readyState") == "complete"
            return bool(whole and driver.find_element(By.TAG_NAME, "html") != before)

        # between two pages the driver may know neither
        WebDriverWait(self.driver, LIMIT, ignored_exceptions=[WebDriverException]).until(another_page)

    def picture(self, name: str) -> None:
        """Keep what is seen, and see that nothing is cut off."""
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.driver.execute_script(wider) == 0
        assert self.driver.save_screenshot(str(self._pictures / f"{name}.png"))


def open_browser(platform: RunningPlatform, folder: Path) -> Iterator[Browser]:
    """A browser that trusts this platform's server and no other; it keeps what it must in `folder`."""
    server = x509.load_pem_x509_certificate((platform.data / "pki" / "server.crt").read_bytes())
    key = server.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        f"--user-data-dir={folder / 'profile'}",
        # trusts this server's key and no other
        f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(key).digest()).decode()}",
    ):
        options.add_argument(argument)
    metrics = {"width": 390, "height": 844, "pixelRatio": 2.0, "mobile": True, "touch": True}
    options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(LIMIT)
    pictures = Path(PICTURES) if PICTURES else folder
    pictures.mkdir(parents=True, exist_ok=True)
    try:
        yield Browser(driver, pictures)
    finally:
        driver.quit()
