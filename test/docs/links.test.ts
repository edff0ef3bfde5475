// Every link of a page to a file of this repository leads to one, and every page can be reached from the README.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, it } from "vitest";

const top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "policy/README.md"];
const pages = [
  ...top,
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

/** Links outside of code, without those to other hosts. */
function linksOf(page: string): string[] {
  const text = readFileSync(page, "utf8")
    .replace(/^( *)```[\s\S]*?^\1```/gm, "")
    .replace(/`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => (/^[a-z]+:/.test(link) ? [] : [link]));
}

/** As GitHub names a heading. */
function anchorsOf(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it("no link is dead", () => {
  const dead = pages.flatMap((page) =>
    linksOf(page)
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(dead).toEqual([]);
});

it("every page is linked", () => {
  const found = new Set(["README.md"]);
  for (const page of found) {
    for (const link of linksOf(page)) {
      const target = normalize(join(dirname(page), link.split("#")[0] as string));
      if (!existsSync(target)) continue;
      // A link to a directory shows what is in it.
      const files = statSync(target).isDirectory()
        ? pages.filter((one) => one.startsWith(join(target, "/")))
        : [target];
      for (const file of files) if (file.endsWith(".md")) found.add(file);
    }
  }
  expect(pages.filter((page) => !found.has(page))).toEqual([]);
});
