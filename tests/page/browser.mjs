// A headless Chromium that reports whatever goes wrong on a page, and small words for what the tests do.
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import path from "node:path";

const modules = process.env.PAGE_MODULES;
if (!modules) throw new Error("PAGE_MODULES names no folder; .ci/run installs the packages and sets it");
const require = createRequire(path.join(modules, "index.js"));
export const { chromium } = require("playwright-core");
export const fileOf = (name) => require.resolve(name);
export { assert };

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const SIZES = [{ width: 1600, height: 1000 }, { width: 1280, height: 720 }, { width: 480, height: 860 }];

/** Runs something with a browser; fails when any page of it wrote an error or asked for anything but itself. */
export async function withBrowser(work) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS });
  const wrong = [];
  const open = async (file, { fragment = "", ...options } = {}) => {
    const context = await browser.newContext({ viewport: SIZES[1], acceptDownloads: true, ...options });
    const page = await context.newPage();
    page.on("console", (message) => { if (["error", "warning"].includes(message.type())) wrong.push(`console: ${message.text()}`); });
    page.on("pageerror", (error) => wrong.push(`error: ${error.stack}`));
    page.on("dialog", (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on("request", (request) => { if (!/^(file|data|blob):/.test(request.url())) wrong.push(`request: ${request.url()}`); });
    await page.goto(`file://${path.resolve(file)}${fragment}`);
    await ready(page);
    return page;
  };
  try {
    await work(open, browser);
  } finally {
    await browser.close();
  }
  assert.deepEqual(wrong, [], "nothing goes wrong in the browser");
}

export const ready = (page) => page.waitForFunction(() => document.documentElement.dataset.ready === "true", null, { timeout: 120000 });

/** Goes to a place and waits until it is drawn. */
export async function visit(page, fragment) {
  await page.evaluate((to) => new Promise((done) => {
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
    if (location.hash === to) return drawn();
    addEventListener("hashchange", drawn, { once: true });
    location.hash = to;
  }), fragment);
}

export const details = (page) => page.locator("#details");
export const VIEWS = ["overview", "matrix", "tables", "relations", "plan", "cycles", "gods", "routes", "externals", "unresolved"];

/** Waits until the details say something. */
export const shows = (page, pattern) =>
  page.waitForFunction((source) => new RegExp(source).test(document.getElementById("details").innerText), pattern.source, { timeout: 20000 })
    .catch(async () => assert.match(await details(page).innerText(), pattern));
