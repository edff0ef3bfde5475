import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readRequest } from "../../src/relay/request.ts";
import { AddressRewriter } from "../../src/relay/rewrite.ts";

const address = "http://127.0.0.1:4711/0123abcd";
const entries = [
  { url: "https://a.example.org", shown: "https://a.example.org" },
  { url: "https://b.example.org/go", shown: "https://me:xxxxx@b.example.org/go" },
];
/** The text in pieces of these lengths, through a rewriter. */
const rewrite = (text: Buffer, lengths: readonly number[] = []): Buffer => {
  const rewriter = new AddressRewriter(address, entries, 599);
  const out: Buffer[] = [];
  let at = 0;
  for (const length of [...lengths, text.length]) {
    out.push(rewriter.push(text.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat([...out, rewriter.end()]);
};

test("the proxy's address for the relay's, and go's own error for the relay's status", () => {
  const text = `go: m@v1: reading ${address}/1/m/@v/v1.mod: 404 Not Found
\tserver response: not found
go: reading ${address}/0/example.com/%21m/@v/list: 599 dial tcp: lookup a.example.org: no such host
go: Get "${address}/0/x/@latest": EOF
`;
  expect(
    rewrite(Buffer.from(text)).toString(),
  ).toBe(`go: m@v1: reading https://me:xxxxx@b.example.org/go/m/@v/v1.mod: 404 Not Found
\tserver response: not found
go: Get "https://a.example.org/example.com/%21m/@v/list": dial tcp: lookup a.example.org: no such host
go: Get "https://a.example.org/x/@latest": EOF
`);
});

test("in whatever pieces it comes", () => {
  const words = fc.constantFrom(
    address,
    "reading ",
    "/0",
    "/1/m",
    ": 599 why",
    "\n",
    " ",
    '"',
    "http://127.0.0.1",
    "read",
  );
  fc.assert(
    fc.property(fc.array(words), fc.array(fc.integer({ min: 0, max: 40 })), (parts, lengths) => {
      const text = Buffer.from(parts.join(""));
      expect(rewrite(text, lengths).toString()).toBe(rewrite(text).toString());
    }),
  );
});

test("any bytes without the address stay as they are, and none waits longer than it must", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(30)), (bytes, lengths) => {
      expect(rewrite(Buffer.from(bytes), lengths).equals(Buffer.from(bytes))).toBe(true);
    }),
  );
  const rewriter = new AddressRewriter(address, entries, 599);
  expect(rewriter.push(Buffer.from("a prompt: ")).toString()).toBe("a prompt: ");
  expect(rewriter.push(Buffer.from("he said http")).toString()).toBe("he said ");
  expect(rewriter.push(Buffer.from("!")).toString()).toBe("http!");
});

test.each([
  ["/example.com/%21alpha/@v/v1.0.0.zip", { module: "example.com/Alpha", version: "v1.0.0", what: "zip" }],
  ["/example.com/!alpha/@v/list", { module: "example.com/Alpha", what: "list" }],
  ["/example.com/a/b/@latest", { module: "example.com/a/b", what: "latest" }],
  [
    "/example.com/a/@v/v2.0.0+incompatible.info",
    { module: "example.com/a", version: "v2.0.0+incompatible", what: "info" },
  ],
  ["/example.com/a/@v/main.info", { module: "example.com/a", version: "main", what: "info" }],
  ["/sumdb/sum.example.org/supported", { module: "sum.example.org", what: "sumdb" }],
  [
    "/sumdb/sum.example.org/lookup/example.com/!alpha@v1.0.0",
    { module: "example.com/Alpha", version: "v1.0.0", what: "sumdb" },
  ],
  ["/sumdb/sum.example.org/tile/8/1/003", { module: "sum.example.org", what: "sumdb" }],
  ["/example.com/Alpha/@v/list", undefined],
  ["/", undefined],
  ["/%zz/@v/list", undefined],
])("%s is for %o", (path, asked) => expect(readRequest(path)).toEqual(asked));
