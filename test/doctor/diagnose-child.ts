// A program that lets the doctor look at a cache and prints the report: for tests that run it as another user.
import { diagnose } from "../../src/doctor/run.ts";
import { cacheFacts } from "./cache-facts.ts";

console.log(JSON.stringify(await diagnose(cacheFacts(process.argv[2] as string), [])));
