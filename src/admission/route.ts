// What the path of a request says: which of the webhooks it is, and what the namespace's labels have selected.

export type Mode = "warn" | "enforce";

export interface Route {
  readonly webhook: "mutate" | "validate";
  /** The namespace asks for injection into all of its pods; the review does not tell, so the webhook's configuration selects. */
  readonly byNamespace: boolean;
  /** Of this namespace; absent if the server's option holds. */
  readonly mode?: Mode;
}

const routes = new Map<string, Route>(
  [false, true].flatMap((byNamespace): [string, Route][] => {
    const end = byNamespace ? "/namespace" : "";
    return [
      [`/mutate${end}`, { webhook: "mutate", byNamespace }],
      [`/validate${end}`, { webhook: "validate", byNamespace }],
      [`/validate/warn${end}`, { webhook: "validate", byNamespace, mode: "warn" }],
      [`/validate/enforce${end}`, { webhook: "validate", byNamespace, mode: "enforce" }],
    ];
  }),
);

/** @param url as in the request line; the API server puts `?timeout=5s` after the path */
export function routeOf(url: string): Route | undefined {
  return routes.get(url.split("?", 1)[0] as string);
}
