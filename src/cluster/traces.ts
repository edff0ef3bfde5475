// A span for each answered review: a child of the API server's, if that records traces.
import { randomBytes } from "node:crypto";
import type { Admission } from "../admission/admit.ts";
import type { Review } from "../admission/review.ts";
import { newSpanId, newTrace, parseTraceparent } from "../audit/trace-context.ts";
import { kind } from "../telemetry/records.ts";
import type { SpanQueue } from "../telemetry/span-queue.ts";

export interface Answered {
  /** Without the query. */
  readonly path: string;
  readonly traceparent: string | undefined;
  readonly review: Review;
  readonly admission: Admission;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** Names as in OpenTelemetry's semantic conventions for HTTP servers and for Kubernetes. */
export function addSpan(queue: SpanQueue, { path, traceparent, review, admission, from, to }: Answered): void {
  const caller = parseTraceparent(traceparent ?? "");
  const { traceId } = caller ?? newTrace(randomBytes);
  if (!queue.isSampled(traceId, caller === undefined ? undefined : traceparent)) return;
  const failed = admission.result === "failed";
  queue.add({
    name: `POST ${path}`,
    kind: kind.server,
    traceId,
    spanId: newSpanId(randomBytes),
    parent: caller?.parentSpanId,
    remoteParent: true,
    from,
    to,
    failure: failed ? (admission.warnings?.[0] ?? "") : undefined,
    attributes: {
      "http.request.method": "POST",
      "http.route": path,
      "url.path": path,
      "url.scheme": "https",
      "http.response.status_code": 200,
      "k8s.namespace.name": review.namespace,
      "gomodcache.admission.uid": review.uid,
      "gomodcache.admission.operation": review.operation,
      "gomodcache.admission.kind": review.kind.kind,
      "gomodcache.admission.name": review.name,
      "gomodcache.admission.dry_run": review.dryRun,
      "gomodcache.admission.result": admission.result,
      ...(admission.rules.length > 0 ? { "gomodcache.admission.rules": [...admission.rules] } : {}),
      ...(failed ? { "error.type": "_OTHER" } : {}),
    },
    events: [],
    droppedEvents: 0,
  });
}
