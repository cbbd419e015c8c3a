// What the page does in a real browser. Usage: node run.mjs CASE FILE...; the caller is tests/page.rs.
import { readFile } from "node:fs/promises";
import { SIZES, VIEWS, assert, details, fileOf, shows, visit, withBrowser } from "./browser.mjs";

const cases = {
  /** Every view of the sample, opening in place, search, links, keyboard, matrices, pictures. */
  async sample(open, file) {
    const page = await open(file, { fragment: "#overview" });
    assert.ok((await page.locator(".surface .box").count()) <= 40);
    assert.equal(await page.locator(".box.table").count(), 5);
    assert.match(await page.locator(".ten").innerText(), /2 modules: cart, promotions[\s\S]*CheckoutService[\s\S]*cart_cart/);
    for (const view of VIEWS) {
      await page.locator(`#views a[href^="#${view}"]`).click();
      assert.equal(await page.locator("#views a[aria-current=page]").count(), 1);
      assert.ok((await page.locator("#main").innerText()).length > 20, view);
    }
  },

  async expand(open, file) {
    const page = await open(file, { fragment: "#overview" });
    const box = (key) => page.locator(`.box[data-key="${key}"]`);
    assert.equal(await box("f:shop/catalog/models.py").count(), 0);
    await box("m:catalog").locator(".opener").click();
    await box("f:shop/catalog/models.py").waitFor();
    assert.equal(await box("m:catalog").count(), 0, "the box is open in place");
    await page.goBack();
    await box("m:catalog").waitFor();
    await box("m:catalog").focus();
    await page.keyboard.press("Space");
    await box("f:shop/catalog/models.py").waitFor();
    await page.locator('.shutter[data-key="m:catalog"]').focus();
    await page.keyboard.press("Enter");
    await box("m:catalog").waitFor();
    await box("m:cart").focus();
    await page.keyboard.press("Enter");
    await shows(page, /Module\s+cart[\s\S]*Needs/);
    assert.ok((await page.locator(".arrow.near").count()) > 2, "all of its arrows are drawn");
    await page.keyboard.press("ArrowRight");
    const focused = await page.evaluate(() => document.activeElement.dataset.key);
    assert.ok(focused && focused !== "m:cart", "arrow keys go to another box");
    await page.keyboard.press("Escape");
    await details(page).waitFor({ state: "hidden" });
  },

  async search(open, file) {
    const page = await open(file);
    await page.keyboard.press("/");
    await page.keyboard.type("checkoutserv");
    await page.locator("#hits [role=option]").first().waitFor();
    await page.keyboard.press("Enter");
    await shows(page, /shop\/orders\/checkout\.py/);
    const link = await page.evaluate(() => location.hash);
    const other = await open(file, { fragment: link });
    assert.equal(await details(other).innerText(), await details(page).innerText(), "the address leads to the same place");
    await visit(other, "#overview&sel=dep,cart,promotions");
    await shows(other, /shop\/cart\/services\.py:5[\s\S]*from shop\.promotions\.rules import MAX_PERCENT/);
    await shows(other, /extract common/);
    await visit(other, "#overview&sel=module,nothing-of-the-kind");
    await shows(other, /no such thing/);
    await other.keyboard.press("?");
    assert.ok(await other.locator("#help").isVisible());
  },

  async matrices(open, file) {
    const page = await open(file, { fragment: "#matrix" });
    const walk = async (times) => {
      await page.locator(".matrix-scroller").focus();
      for (let at = 0; at < times; at++) await page.keyboard.press("n");
      const said = await page.locator(".matrix .caption").innerText();
      await page.keyboard.press("Enter");
      return [said, await details(page).innerText()];
    };
    const [needs, dependency] = await walk(3);
    assert.match(needs, /needs .*: \d+ line/);
    assert.match(dependency, /Dependency[\s\S]*Lines/);
    await visit(page, "#tables");
    const [uses, access] = await walk(1);
    assert.match(uses, /^\S+ and \S+: \d+ (write|read)/);
    assert.match(access, /Use of a table[\s\S]*\.py:\d+/);
    await page.locator("#main input[type=search]").fill("cart_");
    await page.locator(".matrix .caption").filter({ hasText: /2 tables/ }).waitFor();
    await page.locator(".matrix-canvas").click({ position: { x: 40, y: 200 } });
  },

  async relations(open, file) {
    const page = await open(file, { fragment: "#relations" });
    assert.ok((await page.locator(".box.entity").count()) > 5);
    assert.ok((await page.locator(".surface .arrow.declared").count()) > 5);
    assert.equal(await page.locator(".surface .arrow.inferred").count(), 0);
    const other = await open(process.argv[4], { fragment: "#relations" });
    assert.ok((await other.locator(".surface .arrow.inferred").count()) > 3, "keys nobody declared are drawn differently");
    assert.match(await other.locator(".surface .arrow.inferred .label").first().textContent(), /\d+ %/);
  },

  /** What a route takes and answers, in the list and beside it. */
  async contracts(open, file) {
    const page = await open(file, { fragment: "#routes" });
    await page.locator("#main input[type=search]").fill("BookIn");
    await page.locator(".caption").filter({ hasText: "2 of 11" }).waitFor();
    assert.match(await page.locator(".grid").innerText(), /POST[\s\S]*\/books[\s\S]*BookIn[\s\S]*201 Book, 401, 422/);
    await visit(page, "#routes&sel=route,PUT,%2Fbooks%2F%7Bbook_id%7D");
    await shows(page, /book_id\s+path, integer, required[\s\S]*Body: BookIn[\s\S]*shelf\s+Shelf, required[\s\S]*pages\s+integer or null, optional/);
    await shows(page, /404 nothing[\s\S]*Fields of 200[\s\S]*lent\s+boolean, optional[\s\S]*Who may call[\s\S]*bearer/);
    await visit(page, "#routes&sel=route,GET,%2Fmembers%2F%7Bmember_id%7D%2Floans");
    await shows(page, /200 \[Loan\][\s\S]*Fields of 200[\s\S]*since\s+string date, required/);
  },

  async pictures(open, file) {
    const page = await open(file);
    const download = async (view, kind) => {
      await visit(page, `#${view}`);
      const [saved] = await Promise.all([page.waitForEvent("download"), page.locator(`#export-${kind}`).click()]);
      assert.equal(saved.suggestedFilename(), `unpick-${view}.${kind}`);
      return readFile(await saved.path());
    };
    for (const view of ["overview", "matrix", "tables", "relations"]) {
      const png = await download(view, "png");
      assert.equal(png.subarray(1, 4).toString(), "PNG");
      assert.ok(png.readUInt32BE(16) > 200 && png.readUInt32BE(20) > 200, "it has a size");
      const text = (await download(view, "svg")).toString();
      const faults = await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror").length, text);
      assert.equal(faults, 0, "it is well-formed");
      if (view === "overview") assert.match(text, /fill="rgb[\s\S]*promotions/);
    }
  },

  /** Figures open their evidence; what is moved becomes lines for unpick.toml, which are written to stdout. */
  async plan(open, file) {
    const page = await open(file);
    assert.match(await page.locator(".lanes").innerText(), /Wave 1[\s\S]*Wave 2[\s\S]*Stays/);
    await page.locator('.card[data-name="billing"] .terms a').first().click();
    await shows(page, /dependencies in of billing[\s\S]*Rests on[\s\S]*shop\/orders\/checkout\.py:\d+/);
    await page.keyboard.press("Escape");
    await page.locator('.card[data-name="catalog"] .chip', { hasText: /^search$/ }).dragTo(page.locator('.card[data-name="orders"]'));
    const lines = page.getByLabel("Lines for unpick.toml");
    await lines.waitFor();
    await page.locator('.card[data-name="catalog"] .chip.table', { hasText: "search_searchdocument" }).click();
    await page.getByLabel("Candidate", { exact: true }).selectOption("orders");
    await page.locator('.card[data-name="orders"] .chip.moved', { hasText: "search_searchdocument" }).waitFor();
    assert.match(await page.locator(".pins").innerText(), /2 moves[\s\S]*Copy/);
    process.stdout.write(await lines.inputValue());
  },

  /** Names that try to be markup or script are shown as they are and do nothing. */
  async hostile(open, file, names) {
    const wanted = JSON.parse(await readFile(names, "utf8"));
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(file, { colorScheme });
      for (const view of VIEWS) {
        await visit(page, `#${view}`);
        const injected = await page.evaluate(() => [window.owned, document.querySelectorAll("img, iframe, object, embed, base, form, #main script, #details script, [onerror], [onload], [onclick]").length]);
        assert.deepEqual(injected, [undefined, 0], view);
      }
    }
    const page = await open(file);
    for (const path of wanted) {
      await visit(page, `#overview&sel=file,${encodeURIComponent(path)}`);
      const title = await details(page).locator("h2").textContent();
      assert.equal(title.replaceAll("\ufffd", ""), path.replace(/[\u0000-\u001f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/g, ""), "the name is shown as text");
      await page.locator("#search").fill(path.slice(path.lastIndexOf("/") + 1));
      assert.ok((await page.locator("#hits [role=option]:not(.none)").count()) > 0, `${path} is found`);
      await page.locator("#search").fill("");
    }
    await visit(page, "#overview&open=" + encodeURIComponent("m:" + "<img src=x onerror=owned=1>") + "&sel=%3Cscript%3E,%E0%A4%A");
    assert.deepEqual(await page.evaluate(() => [window.owned, document.images.length]), [undefined, 0]);
  },

  /** However large the application is, a view holds no more elements than a screen needs. */
  async large(open, file) {
    const page = await open(file, { fragment: "#overview" });
    assert.ok((await page.locator(".surface .box").count()) <= 40);
    const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
    for (const view of VIEWS) {
      await visit(page, `#${view}`);
      assert.ok((await elements()) < 3500, `${view} holds ${await elements()} elements`);
    }
    await visit(page, "#routes");
    await page.locator(".grid").focus();
    await page.keyboard.press("End");
    assert.ok((await page.locator(".grid-row.active").count()) === 1, "the last row is there when it is gone to");
    await page.locator("#search").fill("app17");
    assert.ok((await page.locator("#hits [role=option]").count()) > 10);
  },

  /** axe finds nothing serious, in both schemes, at three sizes, in every view, with details open. */
  async accessible(open, file) {
    const axe = await readFile(fileOf("axe-core/axe.min.js"), "utf8");
    const wrong = [];
    for (const colorScheme of ["light", "dark"]) {
      for (const viewport of SIZES) {
        const page = await open(file, { colorScheme, viewport });
        const places = [...VIEWS.map((view) => `#${view}`), "#overview&sel=module,cart", "#overview&sel=table,cart_cart", "#plan&sel=candidate,orders", `#plan&moved=${encodeURIComponent("module|search|accounts")}`];
        await page.evaluate(axe);
        for (const place of places) {
          await visit(page, place);
          const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
          for (const { id, impact, nodes } of found.violations) {
            if (["serious", "critical"].includes(impact)) wrong.push(`${colorScheme} ${viewport.width} ${place}: ${id} (${impact}): ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
          }
        }
        await page.context().close();
      }
    }
    assert.deepEqual(wrong, []);
  },

  /** mermaid itself reads and draws what unpick writes for it. */
  async mermaid(open, ...files) {
    const page = await open(files.shift());
    const context = page.context();
    const canvas = await context.newPage();
    await canvas.setContent("<!DOCTYPE html><body></body>");
    await canvas.addScriptTag({ path: fileOf("mermaid/dist/mermaid.min.js") });
    for (const file of files) {
      const text = await readFile(file, "utf8");
      const drawn = await canvas.evaluate(async (text) => {
        mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxTextSize: 5000000, maxEdges: 20000 });
        await mermaid.parse(text);
        const { svg } = await mermaid.render("drawing", text);
        document.body.innerHTML = svg;
        return { owned: window.owned, nodes: document.querySelectorAll(".node, [id*=entity]").length, images: document.images.length };
      }, text);
      assert.ok(drawn.nodes > 1, `${file} is drawn`);
      assert.deepEqual([drawn.owned, drawn.images], [undefined, 0]);
    }
  },
};

const [name, ...files] = process.argv.slice(2);
await withBrowser((open) => cases[name](open, ...files));
