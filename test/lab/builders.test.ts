import { expect, it } from "vitest";
import { stepsOf, stepsOfBuildKit } from "../../src/lab/builders.ts";

it("reads what the legacy builder says", () => {
  const output = `Step 1/4 : FROM base
 ---> 9c68
Step 2/4 : RUN touch /a
 ---> Using cache
 ---> 80c4
Step 3/4 : USER 1001
 ---> Using cache
 ---> f1ec
Step 4/4 : RUN touch /b
 ---> Running in 24a4
 ---> 06e9
`;
  expect(stepsOf(output)).toEqual([
    { command: "touch /a", cached: true },
    { command: "touch /b", cached: false },
  ]);
});

it("reads what buildah says", () => {
  const output = `STEP 1/3: FROM base
STEP 2/3: RUN touch /a
--> Using cache 80c43d71aa3a
--> 80c43d71aa3
STEP 3/3: RUN touch /b
COMMIT
--> 751ea8457a5
`;
  expect(stepsOf(output).map(({ cached }) => cached)).toEqual([true, false]);
});

it("reads what BuildKit says, whose numbers are in no order", () => {
  const output = `#7 [2/3] RUN touch /a
#7 sha256:c231
#5 [3/3] RUN touch /b
#5 DONE 0.1s

#7 CACHED
#8 exporting to image
#8 CACHED
`;
  expect(stepsOfBuildKit(output)).toEqual([
    { command: "touch /a", cached: true },
    { command: "touch /b", cached: false },
  ]);
});
