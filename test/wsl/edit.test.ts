import { describe, expect, it } from "vitest";
import { withMetadata } from "../../src/wsl/automount.ts";
import { parseWslConf, settingOf } from "../../src/wsl/conf.ts";
import { applied, setSetting } from "../../src/wsl/edit.ts";
import { randomOf } from "../random.ts";

function edited(text: string, value = "metadata"): string {
  const edit = setSetting(parseWslConf(text), "automount", "options", value);
  if (edit === undefined) return text;
  return "refused" in edit ? `refused: ${edit.refused}` : applied(text, edit);
}

describe("setting automount.options", () => {
  it.each([
    ["", '[automount]\noptions = "metadata"\n'],
    ["[boot]\nsystemd=true\n", '[boot]\nsystemd=true\n\n[automount]\noptions="metadata"\n'],
    ["[boot]\nsystemd = true", '[boot]\nsystemd = true\n\n[automount]\noptions = "metadata"\n'],
    ["[boot]\r\nsystemd = true\r\n", '[boot]\r\nsystemd = true\r\n\r\n[automount]\r\noptions = "metadata"\r\n'],
    ["[boot]\n\n", '[boot]\n\n[automount]\noptions = "metadata"\n'],
    ["[automount]", '[automount]\noptions = "metadata"'],
    ["[automount] # x\n\n[boot]\n", '[automount] # x\noptions = "metadata"\n\n[boot]\n'],
    [
      "[AUTOMOUNT]\nenabled=true # y\n\n# z\n[boot]\na=b\n",
      '[AUTOMOUNT]\nenabled=true # y\noptions="metadata"\n\n# z\n[boot]\na=b\n',
    ],
    ["[automount]\nroot = /\r\n", '[automount]\nroot = /\r\noptions = "metadata"\r\n'],
    ["[automount]\nOptions =   umask=22   # why\n", "[automount]\nOptions =   metadata   # why\n"],
    ['[automount]\noptions="umask=22"# why\n', '[automount]\noptions="metadata"# why\n'],
    ["[automount]\noptions =\n", '[automount]\noptions = "metadata"\n'],
    ["[automount]\noptions=\n", '[automount]\noptions="metadata"\n'],
    ['[automount]\noptions = "umask=22,\\\n  fmask=11"\n', '[automount]\noptions = "metadata"\n'],
    ["[automount]\noptions = a\noptions = b\n", "[automount]\noptions = metadata\noptions = b\n"],
  ])("%j", (text, expected) => {
    expect(edited(text)).toBe(expected);
  });

  it.each([
    ["[automount]\n; x\n", /^refused: WSL stops reading it at line 2: a semicolon/],
    ["\ufeff[automount]\n", /^refused: WSL stops reading it at line 1: the file begins with a byte order mark/],
    ["\udcff\udcfe[\0", /^refused: .*UTF-16/],
  ])("%j is refused, and not guessed at", (text, expected) => {
    expect(edited(text)).toMatch(expected);
  });

  it("a value that cannot be written is refused", () => {
    expect(edited("", "a\rb")).toBe("refused: a value cannot hold a carriage return");
  });
});

describe("the items of options", () => {
  it.each([
    [undefined, "metadata,umask=22,fmask=11"],
    ["", "metadata,umask=22,fmask=11"],
    ["umask=077", "metadata,umask=077"],
    ["uid=1000,metadata", "uid=1000,metadata"],
    ["metadata2,case=dir", "metadata,metadata2,case=dir"],
    ["umask=22, metadata", "umask=22,metadata"],
  ])("%j become %j", (options, expected) => {
    expect(withMetadata(options)).toBe(expected);
  });
});

describe("drawn files", () => {
  const seed = Number(process.env["SEED"] ?? 20261125);
  const draws = Number(process.env["DRAWS"] ?? 4000);

  /** A file as people write them: any order, spacing, quoting and line ends, and mistakes now and then. */
  function draw(random: () => number): string {
    const pick = <T>(...items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const space = (): string => pick("", "", " ", "  ", "\t");
    const eol = pick("\n", "\n", "\r\n");
    const lines: string[] = [];
    for (let count = Math.floor(random() * 14); count > 0; count -= 1) {
      const kind = random();
      if (kind < 0.15) lines.push(pick("", " ", "# comment é", "#[automount]", '  # options = "metadata"'));
      else if (kind < 0.45)
        lines.push(
          `${space()}[${pick("automount", "AutoMount", "boot", "wsl2", "network")}]${space()}${pick("", "", "# x")}`,
        );
      else if (kind < 0.97) {
        const key = pick("options", "Options", "enabled", "root", "metadata", "systemd", "command");
        const value = pick(
          ..."metadata|umask=22,fmask=11|true||/mnt/".split("|"),
          '"metadata,umask=22"',
          '"a # b"',
          'x \\"y\\" z',
          "a \\\n  b",
          "über",
          '""',
        );
        lines.push(`${space()}${key}${space()}=${space()}${value}${space()}${pick("", "", "# why", "#")}`);
      } else lines.push(pick("; no", "x y", "[a b]", 'k="', "k=\\q", "\ufeff"));
    }
    return lines.join(eol) + pick("", eol, eol + eol);
  }

  it(`${draws} of seed ${seed}: an edit sets the value, changes nothing else, and is needed once`, () => {
    const random = randomOf(seed);
    let changed = 0;
    let refused = 0;
    for (let at = 0; at < draws; at += 1) {
      const text = draw(random);
      const conf = parseWslConf(text);
      expect(conf.text).toBe(text);
      const value = withMetadata(settingOf(conf, "automount", "options")?.value);
      const edit = setSetting(conf, "automount", "options", value);
      const told = JSON.stringify(text);
      if (edit === undefined) {
        expect(settingOf(conf, "automount", "options")?.value, told).toBe(value);
        continue;
      }
      if ("refused" in edit) {
        expect(conf.stop, told).toBeDefined();
        refused += 1;
        continue;
      }
      changed += 1;
      const after = applied(text, edit);
      const again = parseWslConf(after);
      expect(again.stop, told).toBeUndefined();
      expect(setSetting(again, "automount", "options", value), told).toBeUndefined();
      // Every other setting is as it was, in the same order.
      const others = (all: typeof conf): string[] => {
        const own = settingOf(all, "automount", "options");
        return all.settings
          .filter((one) => one !== own)
          .map(({ section, key, value: is }) => `${section}.${key}=${is}`);
      };
      expect(others(again), told).toEqual(others(conf));
      // Every byte of every other line is as it was.
      expect(after.startsWith(text.slice(0, edit.start)), told).toBe(true);
      expect(after.endsWith(text.slice(edit.end)), told).toBe(true);
      const first = text.slice(0, edit.start).split("\n").length;
      const old = settingOf(conf, "automount", "options");
      if (old !== undefined) expect([first, edit.start, edit.end], told).toEqual([old.line, old.valueAt, old.valueEnd]);
      else expect(edit.end, told).toBe(edit.start);
    }
    expect(changed).toBeGreaterThan(draws / 3);
    expect(refused).toBeGreaterThan(draws / 100);
  });
});
