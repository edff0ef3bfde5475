// AdmissionReview of admission.k8s.io/v1, in and out (k8s.io/api/admission/v1, types.go).
import { below, isObject, type Json, type JsonObject, own, textOf } from "./json.ts";
import type { Operation } from "./patch.ts";

export interface Review {
  readonly uid: string;
  /** `CREATE`, `UPDATE`, `DELETE`, `CONNECT`; whatever else somebody sends. */
  readonly operation: string;
  /** Of the object as it was sent to us: group, version and kind. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly subresource: string;
  readonly namespace: string;
  /** Empty while the API server has yet to make one of generateName. */
  readonly name: string;
  readonly dryRun: boolean;
  /** Absent at DELETE and CONNECT. */
  readonly object?: JsonObject;
  readonly oldObject?: JsonObject;
}

/** Why a body is no review that can be answered; the API server logs it and does what failurePolicy says. */
export class Malformed {
  constructor(readonly reason: string) {}
}

export interface Answer {
  readonly allowed: boolean;
  readonly warnings?: readonly string[];
  readonly patch?: readonly Operation[];
  /** Of a denial: what the user is told. */
  readonly message?: string;
}

/** A UID has 36 characters; ours must not become an echo of anything. */
const longestUid = 256;

export function readReview(value: unknown): Review | Malformed {
  if (!isObject(value)) return new Malformed("the body is no JSON object");
  const kind = textOf(own(value, "kind"));
  if (kind !== "AdmissionReview") return new Malformed("kind is not AdmissionReview");
  if (own(value, "apiVersion") !== "admission.k8s.io/v1")
    return new Malformed("apiVersion is not admission.k8s.io/v1: set admissionReviewVersions: [v1]");
  const request = own(value, "request");
  if (!isObject(request)) return new Malformed("request is missing");
  const text = (...keys: readonly string[]): string => textOf(below(request, ...keys)) ?? "";
  const uid = text("uid");
  if (uid === "" || uid.length > longestUid) return new Malformed("request.uid is missing or too long");
  const [object, oldObject] = [own(request, "object"), own(request, "oldObject")];
  return {
    uid,
    operation: text("operation"),
    kind: { group: text("kind", "group"), version: text("kind", "version"), kind: text("kind", "kind") },
    subresource: text("subResource"),
    namespace: text("namespace"),
    name: text("name"),
    dryRun: own(request, "dryRun") === true,
    ...(isObject(object) ? { object } : {}),
    ...(isObject(oldObject) ? { oldObject } : {}),
  };
}

/** The answer as the text of an AdmissionReview. */
export function writeAnswer(uid: string, { allowed, warnings = [], patch = [], message }: Answer): string {
  const response: JsonObject = { uid, allowed };
  if (warnings.length > 0) response["warnings"] = [...warnings];
  if (patch.length > 0) {
    response["patchType"] = "JSONPatch";
    response["patch"] = base64(JSON.stringify(patch));
  }
  if (message !== undefined)
    response["status"] = { status: "Failure", code: 403, reason: "Forbidden", message } satisfies Json;
  return JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response });
}

/** JSON as a Go []byte in JSON. Escapes of its own make it ASCII, which is all that btoa takes. */
function base64(json: string): string {
  return btoa(json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
