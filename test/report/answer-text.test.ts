import { describe, expect, it } from "vitest";
import { fileCapabilities } from "../../src/permission/subject.ts";
import { canText, whyText } from "../../src/report/answer-text.ts";
import { can, cannot, options, why } from "./fixture.ts";

const firstLine = (text: string): string => text.slice(0, text.indexOf("\n"));
const plain = (text: string): string => text.replaceAll(/\x1b\[\d+m/g, "");

describe("can", () => {
  it.each([40, 80, 120])("looks right at %i columns", async (width) => {
    const text = canText(cannot, { ...options, width });
    await expect(text).toMatchFileSnapshot(`__snapshots__/can-${width}`);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]|^\s*::/m);
  });

  it("answers on the first line", () => {
    expect(firstLine(canText(can, options))).toBe("yes");
    expect(firstLine(canText(cannot, options))).toBe("no: app cannot create v0.21.0.lock in a directory of root");
    const [reason] = cannot.reasons;
    if (reason === undefined) throw new Error("the fixture has reasons");
    const unknown = { ...cannot, verdict: "unknown" as const, reasons: [{ ...reason, message: "SELinux may refuse" }] };
    expect(firstLine(canText(unknown, options))).toBe("unknown: SELinux may refuse");
  });

  it("is only the answer when quiet", () => {
    expect(canText(can, { ...options, quiet: true })).toBe("yes\n");
    expect(canText(cannot, { ...options, quiet: true })).toBe(
      "no: app cannot create v0.21.0.lock in a directory of root\n",
    );
  });

  it("shows three reasons and counts the rest", () => {
    const [reason] = cannot.reasons;
    if (reason === undefined) throw new Error("the fixture has reasons");
    const answer = { ...cannot, reasons: Array.from({ length: 5 }, () => reason) };
    expect(canText(answer, options)).toContain("and 2 more (--verbose lists them)");
    expect(canText(answer, { ...options, verbose: true })).not.toContain("more");
  });

  it("names the capabilities of a subject that has some", () => {
    const subject = { ...can.subject, capabilities: new Set(["dac_override"] as const) };
    expect(canText({ ...can, subject }, options)).toContain("with dac_override");
  });

  it("names the capabilities that root lacks, and none of those that it has", () => {
    const root = { ...can.subject, uid: 0, capabilities: new Set(fileCapabilities) };
    expect(canText({ ...can, subject: root }, options)).not.toMatch(/with(out)? [a-z]+_|without chown/);
    const bare = { ...root, capabilities: new Set(["chown", "fowner", "fsetid"] as const) };
    expect(canText({ ...can, subject: bare }, options)).toContain("without dac_override, dac_read_search");
  });
});

describe("why", () => {
  it.each([40, 80, 130])("looks right at %i columns", async (width) => {
    const text = whyText(why, { ...options, width, unicode: width === 130 });
    await expect(text).toMatchFileSnapshot(`__snapshots__/why-${width}`);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]|^\s*::/m);
  });

  it("marks the component that decides, and only that one", () => {
    const marked = whyText(why, { ...options, width: 200 })
      .split("\n")
      .filter((line) => line.startsWith(">"));
    expect(marked).toEqual([
      "> x -rw-r--r--  root:root  /go/pkg/mod/cache/download/x/@v/list                write: others have r--",
    ]);
  });

  it("names the component in the first line when it is not the path itself", () => {
    const [root, ...rest] = why.chain;
    if (root === undefined) throw new Error("the fixture has a chain");
    const answer = { ...why, chain: [{ ...root, verdict: "no" as const, because: "others have ---" }, ...rest] };
    expect(firstLine(whyText(answer, { ...options, width: 200 }))).toBe(
      "no: app (1000:1000,3000) cannot write /go/pkg/mod/cache/download/x/@v/list: others have --- (/)",
    );
  });

  it("says yes without a reason, and what does not exist is absent", () => {
    const [root] = why.chain;
    if (root === undefined) throw new Error("the fixture has a chain");
    const answer = { ...why, verdict: "yes" as const, need: "execute" as const, path: "/", chain: [root], fixes: [] };
    expect(firstLine(whyText(answer, options))).toBe("yes: app (1000:1000,3000) can enter /");
    const absent = { ...root, mode: "", owner: "", group: "", need: "exist" as const, by: "absent" as const };
    expect(whyText({ ...answer, chain: [absent] }, options)).toContain("(absent)");
  });

  it("lets the kernel win, and calls the disagreement our bug", () => {
    const overruled = whyText(
      { ...why, verdict: "yes", kernel: { asked: true, allowed: true, agrees: false } },
      { ...options, width: 300 },
    );
    expect(firstLine(overruled)).toMatch(/^yes: /);
    expect(overruled).toMatch(/kernel disagrees, and it is right: .* let through\. This is a bug of gomodcache/);
    const unasked = whyText({ ...why, kernel: { asked: false, reason: "only root may\n ask" } }, options);
    expect(unasked).toContain("The kernel was not asked: only root may\\n ask");
  });

  it("shows ACL and mount where they decide, and everywhere when verbose", () => {
    expect(whyText(why, options)).not.toContain("mount ext4");
    const verbose = whyText(why, { ...options, verbose: true });
    expect(verbose).toContain("mount ext4 rw,relatime");
    expect(verbose).toContain("acl u::rwx,g::r-x,g:3000:rwx,m::rwx,o::r-x");
  });

  it("adds nothing but colour", () => {
    expect(plain(whyText(why, { ...options, colour: true }))).toBe(whyText(why, options));
    expect(plain(canText(cannot, { ...options, colour: true }))).toBe(canText(cannot, options));
  });
});
