// Passes what a command writes on to one of our own streams, byte for byte, and shows it to a listener on the way.
import { spawn } from "node:child_process";
import { write as writeCallback } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { readPipe } from "./read-pipe.ts";

// Not process.stderr: that makes the file behind it non-blocking, also for the command that shares it.
const write = promisify(writeCallback);

/** Milliseconds of silence after which a pipe that is still open belongs to something that stays, such as a daemon. */
const silence = 150;
/** Milliseconds until a stream that was full is tried again. */
const pause = 5;

export interface Rewriter {
  /** What is to be written for a piece that came. It may keep the end of it for the next call. */
  push(chunk: Buffer): Buffer;
  end(): Buffer;
}

export class Pump {
  private readonly source: Readable;
  private readonly done: Promise<void>;
  private lastByte = performance.now();
  private ended = false;
  private chain: Promise<void> = Promise.resolve();

  /**
   * @param from a descriptor, non-blocking, which is ours from now on; or what node made
   * @param to the descriptor of the stream that it goes to
   */
  constructor(
    private readonly from: number | Readable,
    private readonly to: number,
    private readonly rewriter: Rewriter,
  ) {
    this.source = typeof from === "number" ? readPipe(from) : from;
    this.source.on("data", (chunk: Buffer) => this.take(chunk));
    this.done = new Promise((resolve) => {
      const finish = (): void => {
        this.ended = true;
        resolve();
      };
      this.source.once("end", finish);
      this.source.once("error", finish);
      this.source.once("close", finish);
    });
  }

  /**
   * To be called when the command has ended: waits until all that it wrote is through. If something that it started keeps the pipe
   * and is silent, that does not keep us: cat(1) passes on what it may still write.
   */
  async finish(): Promise<void> {
    this.lastByte = performance.now();
    while (!this.ended) {
      const left = silence - (performance.now() - this.lastByte);
      if (left <= 0) break;
      await Promise.race([this.done, sleep(left)]);
    }
    await this.chain;
    this.source.pause();
    await this.put(this.rewriter.end()).catch(() => undefined);
    if (!this.ended) this.handOver();
    this.source.destroy();
  }

  private take(chunk: Buffer): void {
    this.lastByte = performance.now();
    // The reader of our stream sets the pace, as it would without us.
    this.source.pause();
    this.chain = this.chain
      .then(() => this.put(this.rewriter.push(chunk)))
      .then(() => {
        this.lastByte = performance.now();
        this.source.resume();
      })
      // Nobody reads any more: the command learns it as it would without us.
      .catch(() => void this.source.destroy());
  }

  private async put(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      try {
        at += (await write(this.to, bytes, at)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        await sleep(pause);
      }
    }
  }

  private handOver(): void {
    if (typeof this.from !== "number") return;
    try {
      const heir = spawn("cat", [], { stdio: [this.from, this.to, "ignore"], detached: true });
      heir.on("error", () => undefined);
      heir.unref();
    } catch {
      // Then what the daemon writes is lost, as it is when a terminal closes.
    }
  }
}
